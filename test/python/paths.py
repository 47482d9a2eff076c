"""By which names a process of Flask's reaches an object: `logging` has `os`, and so `os.system` is `logging.os.system` too."""

import importlib
import sys
import types


def paths_to(names):
    """Every name of one or two parts in a loaded module that is one of these objects: [module, name, object's name]."""
    objects = {}
    for name in names:
        value = resolved(name)
        if value is not None:
            objects[id(value)] = (value, name)
    found = []
    for module, value in list(sys.modules.items()):
        if not isinstance(value, types.ModuleType) or module in ("__main__", __name__):
            continue
        for first, inner in attributes(value):
            note(found, objects, module, first, inner)
            for second, innermost in attributes(inner):
                note(found, objects, module, first + "." + second, innermost)
    return found


def note(found, objects, module, name, value):
    known = objects.get(id(value))
    if known is not None and known[0] is value:
        found.append([module, name, known[1]])


def attributes(value):
    """Without those of two underscores, which are dangerous by themselves, whatever they are."""
    if not isinstance(value, (types.ModuleType, type)):
        return []
    return [(name, function_of(one)) for name, one in list(vars(value).items()) if not name.startswith("__")]


def function_of(value):
    return value.__func__ if type(value) in (staticmethod, classmethod) else value


def missing(names):
    """Those of the names that this Python does not have; none is called, but modules are imported."""
    return [name for name in names if resolved(name) is None]


def resolved(name):
    """The object of a dotted name: a module, or what it leads to."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            value = importlib.import_module(".".join(parts[:length]))
        except ImportError:
            continue
        for part in parts[length:]:
            value = getattr(value, part, None)
        return value
    return None


def callables_of(modules):
    return ["%s.%s" % (module, name) for module in modules for name, value in attributes(importlib.import_module(module)) if callable(value)]
