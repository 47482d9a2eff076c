"""What a handler in Node did to a session, done in Python: what Node's bytes must be equal to.

A change is a list of steps [verb, path, ...]. A path goes from the session downwards: the text of a str key, else the
number of an item or entry.
"""

#: Beyond it a whole number of JavaScript's is a float.
SAFE = 2**53


def apply(session, change):
    for verb, path, *operands in change:
        VERBS[verb](session, path, *operands)


def found(container, path):
    for step in path:
        container = container[_place(container, step)]
    return container


def _place(container, step):
    """A key of a dict, an index of a list or tuple."""
    return list(container)[step] if type(container) is dict and type(step) is int else step


def _put(session, path, value):
    holder = found(session, path[:-1])
    holder[_place(holder, path[-1])] = value


def _set(session, path, value):
    """Under a key where a float stood, a number is a float. A tuple is made anew; only its place may hold it."""
    holder = found(session, path[:-1])
    if type(holder) is tuple:
        items = list(holder)
        items[path[-1]] = value
        return _put(session, path[:-1], tuple(items))
    place = _place(holder, path[-1])
    stood = holder.get(place) if type(holder) is dict else None
    holder[place] = float(value) if type(stood) is float and type(value) is int else value


def _delete(session, path):
    holder = found(session, path[:-1])
    del holder[_place(holder, path[-1])]


def _push(session, path, value):
    items = found(session, path)
    items.append(value)
    _settle(items)


def _shift(session, path):
    items = found(session, path)
    del items[0]
    _settle(items)


def _settle(items):
    """In a list of another length a whole number that stood there as an int too is an int; minus zero never."""
    if not all(type(item) is float for item in items if type(item) in (int, float)):
        ints = {item for item in items if type(item) is int and abs(item) < SAFE}
        items[:] = [int(item) if type(item) is float and item in ints and not _is_minus_zero(item) else item for item in items]


def _is_minus_zero(item):
    return item == 0 and str(item) == "-0.0"


def _add(session, path, value):
    """To a frozenset: only its place may hold it."""
    members = found(session, path)
    if type(members) is frozenset:
        return _put(session, path, members | {value})
    members.add(value)


def _set_byte(session, path, index, value):
    """To bytes: only their place may hold them."""
    data = bytearray(found(session, path))
    data[index] = value
    if type(found(session, path)) is bytes:
        return _put(session, path, bytes(data))
    found(session, path)[index] = value


def _shallow(session, path):
    """{...object}, [...array], new Map, new Set, slice of bytes."""
    value = found(session, path)
    items = list(value) if type(value) in (tuple, frozenset) else value
    _put(session, path, type(value)(items))


def _deep(session, path):
    """structuredClone."""
    _put(session, path, _Cloner().clone(found(session, path)))


def _all_deep(session, path):
    """structuredClone of each value under a str key, where it takes it."""
    for key in path:
        session[key] = _Cloner().clone(session[key])


def _each(session, path, key, value):
    """array.map((item) => ({ ...item, [key]: value }))"""
    items = found(session, path)
    _put(session, path, type(items)({**item, key: value} for item in items))


class _Cloner:
    """Containers anew, and what they share within; all else is what it was, keys, members of sets and bytearrays among it."""

    def __init__(self):
        self.clones = {}

    def clone(self, value):
        kind = type(value)
        if kind not in (list, dict, tuple, set, frozenset):
            return value
        if id(value) not in self.clones:
            self.fill(kind, value)
        return self.clones[id(value)]

    def fill(self, kind, value):
        if kind in (set, frozenset):
            self.clones[id(value)] = kind(list(value))  # a frozenset of a frozenset is itself
        elif kind is list:
            made = self.clones[id(value)] = []
            made.extend(map(self.clone, value))
        elif kind is dict:
            made = self.clones[id(value)] = {}
            made.update((key, self.clone(item)) for key, item in value.items())
        else:
            made = tuple(list(map(self.clone, value)))
            self.clones.setdefault(id(value), made)


VERBS = {
    "set": _set,
    "delete": _delete,
    "push": _push,
    "shift": _shift,
    "add": _add,
    "set byte": _set_byte,
    "shallow": _shallow,
    "deep": _deep,
    "all deep": _all_deep,
    "each": _each,
}
