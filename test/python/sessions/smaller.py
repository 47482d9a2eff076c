"""Sessions with one part less: how the smallest is found that still shows a difference."""

import enum
import itertools

#: Parts that are taken away, one at a time, before the next round.
MOST = 400


def smaller(format, data):
    """The bytes of such sessions, the shortest first. Those that Python cannot write and read are left out."""
    found = []
    for path, number in itertools.islice(_cuts(format.loads(data)), MOST):
        session = format.loads(data)
        try:
            _cut(session, path, number)
            made = format.dumps(session)
            format.loads(made)
        except Exception:
            continue
        if len(made) < len(data):
            found.append(made)
    return sorted(found, key=len)


def _cuts(root):
    """Paths to values, and the numbers of their parts: breadth first, what lies in a cycle once."""
    met = {id(root)}
    open_paths = [(root, ())]
    for value, path in open_paths:
        for number, part in enumerate(_parts(value)):
            yield path, number
            if id(part) not in met and _parts(part):
                met.add(id(part))
                open_paths.append((part, path + (number,)))


def _parts(value):
    """What lies in a value that can lie in others, in order."""
    if isinstance(value, dict):
        return list(dict.values(value)) + _attributes(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return list(value) + _attributes(value)
    return _attributes(value)


def _attributes(value):
    """Those of its own: a class or a member of an Enum is the same one in every session."""
    return [] if isinstance(value, (type, enum.Enum)) else list(getattr(value, "__dict__", {}).values())


def _cut(session, path, number):
    """Takes a part away; a tuple or frozenset is made anew, in the one place that the path goes to."""
    holder = session
    for step in path:
        holder = _parts(holder)[step]
    if isinstance(holder, (tuple, frozenset)) and number < len(holder):
        _replace(session, path, type(holder)(item for index, item in enumerate(holder) if index != number))
    elif isinstance(holder, dict) and number < len(holder):
        dict.pop(holder, list(holder)[number])
    elif isinstance(holder, list) and number < len(holder):
        list.pop(holder, number)
    elif isinstance(holder, set) and number < len(holder):
        set.remove(holder, list(holder)[number])
    else:
        del vars(holder)[_attribute(holder, number)]


def _replace(session, path, made):
    holder = session
    for step in path[:-1]:
        holder = _parts(holder)[step]
    number = path[-1]
    if isinstance(holder, dict) and number < len(holder):
        dict.__setitem__(holder, list(holder)[number], made)
    elif isinstance(holder, list) and number < len(holder):
        list.__setitem__(holder, number, made)
    else:
        vars(holder)[_attribute(holder, number)] = made


def _attribute(holder, number):
    """The name of the attribute with that number: attributes come after what else lies in the holder."""
    items = len(holder) if isinstance(holder, (dict, list, set, tuple, frozenset)) else 0
    return list(vars(holder))[number - items]
