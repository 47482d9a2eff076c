"""The canonical form of a Python value, by which tests call two values equal.

Python's own == is too kind: it calls a datetime in another zone, -0.0, Decimal('1.1'), {True} and a lost maxlen equal.
"""

import collections
import datetime
import decimal
import struct
import sys
import types


def canonical(value):
    """Nested lists of text; two values are the same to us iff their forms are equal. Sharing and cycles count."""
    return _Describer().describe(value)


def described(value):
    """The canonical form, and how many values are in it."""
    describer = _Describer()
    return describer.describe(value), describer.count


def _text(kind, write):
    return kind, lambda value: "%s %s" % (kind.__name__, write(value))


#: What holds nothing, by its type.
LEAVES = dict(
    [
        (type(None), repr),
        (bool, repr),
        _text(int, lambda value: format(value, "x")),
        _text(float, lambda value: struct.pack(">d", value).hex()),
        _text(str, lambda value: value.encode("utf-8", "surrogatepass").hex()),
        _text(bytes, bytes.hex),
        _text(datetime.date, datetime.date.isoformat),
        _text(datetime.timedelta, repr),
        _text(decimal.Decimal, lambda value: repr(value.as_tuple())),
    ]
)


class _Describer:
    def __init__(self, levels=3):
        self.levels = levels  # of sets within sets whose members are described; below, they are counted
        self.numbers = {}
        self.alive = []  # keeps ids from being used again
        self.count = 0

    def describe(self, value):
        self.count += 1
        kind = type(value)
        leaf = LEAVES.get(kind)
        if leaf is not None:
            return leaf(value)
        if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
            return "global %s.%s" % (value.__module__, value.__qualname__)
        if kind is datetime.datetime or kind is datetime.time:
            return [kind.__name__, value.replace(tzinfo=None).isoformat(), value.fold, self.describe(value.tzinfo)]
        if id(value) in self.numbers:
            return "seen %d" % self.numbers[id(value)]
        if kind not in (tuple, frozenset) or value:
            self.numbers[id(value)] = len(self.numbers)
            self.alive.append(value)
        return self.container(kind, value)

    def container(self, kind, value):
        if kind in (list, tuple):
            return [kind.__name__] + [self.describe(item) for item in value]
        if kind is dict:
            return ["dict"] + [[self.describe(key), self.describe(item)] for key, item in value.items()]
        if isinstance(value, (set, frozenset)):
            name = kind.__name__ if kind in (set, frozenset) else "%s.%s" % (kind.__module__, kind.__qualname__)
            members = sorted(value, key=self.order) if self.levels else []
            items = [self.describe(member) for member in members]
            return [name, len(value), self.describe(getattr(value, "__dict__", None))] + sorted(items, key=repr)
        if kind is bytearray:
            return ["bytearray", value.hex()]
        if kind is collections.deque:
            return ["deque", value.maxlen] + [self.describe(item) for item in value]
        name = "%s.%s" % (kind.__module__, kind.__qualname__)
        reduced = value.__reduce_ex__(4)
        if isinstance(reduced, str):
            return ["global", name, reduced]
        parts = []
        for index, part in enumerate(reduced):
            if index in (3, 4) and part is not None:
                part = list(part)
                self.alive.append(part)
                parts.append([self.describe(item) for item in part])
            else:
                parts.append(self.describe(part))
        return ["object", name] + parts

    def order(self, member):
        """Many objects are hashed by their address, so that a set's own order is another in every process."""
        leaf = LEAVES.get(type(member))
        if leaf is not None:
            return repr(leaf(member))
        return repr(_Describer(self.levels - 1).describe(member))


sys.setrecursionlimit(20000)
