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


class _Describer:
    def __init__(self, levels=3):
        self.levels = levels  # of sets within sets whose members are described; below, they are counted
        self.numbers = {}
        self.alive = []  # keeps ids from being used again
        self.depth = 0

    def describe(self, value):
        kind = type(value)
        if value is None or kind is bool:
            return repr(value)
        if kind is int:
            return "int " + format(value, "x")
        if kind is float:
            return "float " + struct.pack(">d", value).hex()
        if kind is str:
            return "str " + value.encode("utf-8", "surrogatepass").hex()
        if kind is bytes:
            return "bytes " + value.hex()
        if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
            return "global %s.%s" % (value.__module__, value.__qualname__)
        if kind is datetime.datetime or kind is datetime.time:
            return [kind.__name__, value.replace(tzinfo=None).isoformat(), value.fold, self.describe(value.tzinfo)]
        if kind is datetime.date or kind is datetime.timedelta:
            return [kind.__name__, repr(value)]
        if kind is decimal.Decimal:
            return ["Decimal", repr(value.as_tuple())]
        if id(value) in self.numbers:
            return "seen %d" % self.numbers[id(value)]
        if value != () and value != frozenset():
            self.numbers[id(value)] = len(self.numbers)
            self.alive.append(value)
        self.depth += 1
        try:
            return self.container(kind, value)
        finally:
            self.depth -= 1

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
        return repr(_Describer(self.levels - 1).describe(member))


sys.setrecursionlimit(20000)
