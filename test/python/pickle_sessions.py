"""Sessions by a seed: plain ones of everything that Python puts into a pickle, and cyclic ones through unknown classes."""

import collections
import datetime
import decimal
import fractions
import pathlib
import random
import uuid
import zoneinfo

import unknown_classes as u
from markupsafe import Markup
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

TEXTS = ["", "a", "user", "café", "Ω😀", "\ud800x", "a'b\"c\\n", "line\nbreak", "x" * 70, "0", "10", "__proto__", "é" * 300]
FLOATS = [0.0, -0.0, 1.0, 10.0, 1.5, -2.25, 1e300, 5e-324, float("inf"), float("-inf"), float("nan"), 2.0**53, 1e16, 0.1]
INTS = [0, 1, -1, 127, 128, 255, 256, 65535, 65536, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**53, -(2**53), 2**63, -(2**63), 2**64, 3**500, -(3**2000)]
ZONES = ["Europe/Paris", "America/New_York", "UTC"]


def plain(seed):
    """A session of trees that share some of their parts."""
    return _Generator(random.Random(seed)).session()


def cyclic(seed):
    """A session of objects and containers that reach each other every way there is."""
    return _CyclicGenerator(random.Random(seed)).session()


class _Generator:
    def __init__(self, rng):
        self.rng = rng
        self.made = []

    def session(self):
        return {self.key(): self.value(self.rng.randint(0, 4)) for _ in range(self.rng.randint(0, 8))}

    def key(self):
        if self.rng.random() < 0.93:
            return self.rng.choice(TEXTS) + str(self.rng.randint(0, 30))
        return self.hashable(1)

    def value(self, depth):
        if self.made and self.rng.random() < 0.12:
            return self.rng.choice(self.made)
        if depth <= 0 or self.rng.random() < 0.3:
            return self.atom()
        value = self.rng.choice(self.BRANCHES)(self, depth - 1)
        if self.rng.random() < 0.5:
            self.made.append(value)
        return value

    def values(self, depth):
        return [self.value(depth) for _ in range(self.rng.choice([0, 1, 1, 2, 3, 4, 7]))]

    def atom(self):
        return self.rng.choice(self.ATOMS)(self)

    def hashable(self, depth):
        if depth > 0 and self.rng.random() < 0.4:
            items = [self.hashable(depth - 1) for _ in range(self.rng.randint(0, 3))]
            return tuple(items) if self.rng.random() < 0.6 else frozenset(items)
        while True:
            value = self.atom()
            if type(value) is not bytearray:
                return value

    def moment(self):
        rng = self.rng
        zone = rng.choice([None, None, datetime.timezone.utc, u.UTC, self.zone()])
        made = datetime.datetime(
            rng.randint(1, 9999), rng.randint(1, 12), rng.randint(1, 28), rng.randint(0, 23), rng.randint(0, 59),
            rng.randint(0, 59), rng.choice([0, 1, 123456, 999999]), zone, fold=rng.randint(0, 1),
        )
        return made

    def zone(self):
        rng = self.rng
        kind = rng.randint(0, 3)
        if kind == 0:
            return zoneinfo.ZoneInfo(rng.choice(ZONES))
        if kind == 1:
            return datetime.timezone(datetime.timedelta(minutes=rng.randint(-1439, 1439), microseconds=rng.choice([0, 5])))
        if kind == 2:
            return datetime.timezone(datetime.timedelta(hours=1), "X")
        return u.Zone(rng.randint(-600, 600))

    def timedelta(self):
        return datetime.timedelta(self.rng.randint(-999999999, 999999998), self.rng.randint(0, 86399), self.rng.choice([0, 1, 999999]))

    def decimal(self):
        text = self.rng.choice(["1.10", "1.1", "0", "-0.00", "NaN", "sNaN", "Infinity", "-Infinity", "1E+30", "123456789.123456789"])
        return decimal.Decimal(text)

    def plain_object(self, depth):
        made = self.rng.choice([u.Plain, u.SlotsAndDict])()
        for _ in range(self.rng.randint(0, 3)):
            setattr(made, self.rng.choice(["a", "b", "c", "été"]), self.value(depth))
        return made

    def slots(self, depth):
        made = u.Slots()
        if self.rng.random() < 0.7:
            made.a = self.value(depth)
        return made

    def subclass(self, depth):
        kind = self.rng.choice([u.MyList, u.Items, u.Copy, u.SetterAll, u.MyTuple])
        made = kind(self.values(depth))
        if self.rng.random() < 0.4:
            made.extra = self.value(depth)
        return made

    def mapping(self, depth):
        kind = self.rng.choice([u.MyDict, u.Pairs, u.CopyDict, collections.OrderedDict])
        made = kind((self.key(), self.value(depth)) for _ in range(self.rng.randint(0, 3)))
        if self.rng.random() < 0.3:
            made.extra = self.value(depth)
        return made

    def setter(self, depth):
        made = u.Setter()
        made.a = self.value(depth)
        return made

    def failure(self, depth):
        made = self.rng.choice([u.Failure, ValueError, KeyError])("text", self.value(depth))
        if self.rng.random() < 0.5:
            made.extra = self.value(depth)
        return made

    def multi(self, depth):
        pairs = [(self.rng.choice("abc"), self.value(depth)) for _ in range(self.rng.randint(0, 4))]
        return self.rng.choice([MultiDict, ImmutableMultiDict])(pairs)

    def defaultdict(self, depth):
        made = collections.defaultdict(self.rng.choice([list, int, None, u.Plain]))
        for _ in range(self.rng.randint(0, 3)):
            made[self.key()] = self.value(depth)
        return made

    def numbered(self, depth):
        return {self.rng.choice(INTS): self.value(depth) for _ in range(self.rng.randint(1, 4))}

    ATOMS = [
        lambda s: None,
        lambda s: s.rng.random() < 0.5,
        lambda s: s.rng.choice(INTS),
        lambda s: s.rng.randint(-(2**40), 2**40),
        lambda s: s.rng.choice(FLOATS),
        lambda s: s.rng.uniform(-1e6, 1e6),
        lambda s: s.rng.choice(TEXTS),
        lambda s: s.rng.choice(TEXTS) + s.rng.choice(TEXTS),
        lambda s: s.rng.choice([b"", b"\x00\xff", b"abc", bytes(range(256)) * 2]),
        lambda s: bytearray(s.rng.choice([b"", b"\x01\xfe", b"x" * 300])),
        lambda s: s.moment(),
        lambda s: s.moment().date(),
        lambda s: s.moment().timetz(),
        lambda s: s.timedelta(),
        lambda s: s.decimal(),
        lambda s: uuid.UUID(int=s.rng.getrandbits(s.rng.choice([8, 60, 128]))),
        lambda s: Markup("<b>" + s.rng.choice(TEXTS[:3]) + "</b>"),
        lambda s: fractions.Fraction(s.rng.randint(-9, 9), s.rng.randint(1, 9)),
        lambda s: complex(s.rng.choice([0.0, 1.5, -2.0]), 2.0),
        lambda s: range(s.rng.randint(0, 5), 300, s.rng.randint(1, 9)),
        lambda s: s.rng.choice([u.Color.RED, u.Color.BLUE, u.Level.HIGH, u.Permission.READ | u.Permission.WRITE, u.Named.A]),
        lambda s: s.rng.choice([int, u.Plain, u.Outer.Inner, len, u.set_state, Ellipsis, NotImplemented, type(None), u.SINGLETON]),
        lambda s: pathlib.PurePosixPath("/a/b", s.rng.choice(["c", "d/e"])),
        lambda s: s.zone(),
        lambda s: u.Outer.Inner.make,
    ]

    BRANCHES = [
        lambda s, d: s.values(d),
        lambda s, d: s.values(d),
        lambda s, d: tuple(s.values(d)),
        lambda s, d: {s.key(): s.value(d) for _ in range(s.rng.randint(0, 4))},
        lambda s, d: {s.key(): s.value(d) for _ in range(s.rng.randint(0, 4))},
        lambda s, d: s.numbered(d),
        lambda s, d: {s.hashable(1) for _ in range(s.rng.randint(0, 4))},
        lambda s, d: frozenset(s.hashable(1) for _ in range(s.rng.randint(0, 4))),
        lambda s, d: s.plain_object(d),
        lambda s, d: s.slots(d),
        lambda s, d: s.subclass(d),
        lambda s, d: s.mapping(d),
        lambda s, d: s.setter(d),
        lambda s, d: s.failure(d),
        lambda s, d: s.multi(d),
        lambda s, d: s.defaultdict(d),
        lambda s, d: collections.deque(s.values(d), s.rng.choice([None, 3])),
        lambda s, d: collections.Counter({s.key(): s.rng.randint(0, 5)}),
        lambda s, d: u.Pair(s.value(d), s.value(d)),
        lambda s, d: u.Typed("name", s.value(d)),
        lambda s, d: u.Data(s.value(d)),
        lambda s, d: u.Frozen(s.value(d)),
        lambda s, d: u.State(s.value(d)),
        lambda s, d: u.Keep(s.value(d)),
        lambda s, d: u.Made(s.value(d)),
        lambda s, d: u.CopySet(s.hashable(1) for _ in range(s.rng.randint(0, 3))),
        lambda s, d: u.CopyMap({s.key(): s.value(d)}),
        lambda s, d: u.NewArgs(s.value(d), s.value(d)),
        lambda s, d: u.NewArgsEx(s.value(d), k=s.value(d)),
        lambda s, d: u.MySet(s.hashable(1) for _ in range(s.rng.randint(0, 3))),
        lambda s, d: u.MyFrozenset(s.hashable(1) for _ in range(s.rng.randint(0, 3))),
    ]


class _CyclicGenerator:
    """Makes empty nodes first, then lets each hold some of the others.

    Every object that is hashed by its address has a number: members of a set that look the same could be told apart by
    nothing else, and their order is another in every process.
    """

    def __init__(self, rng):
        self.rng = rng
        self.count = 0

    def number(self):
        self.count += 1
        return self.count

    def numbered(self, made):
        made.number = self.number()
        return made

    def slots(self):
        made = u.Slots()
        made.a = self.number()
        return made

    def session(self):
        rng = self.rng
        nodes = [rng.choice(self.MAKERS)(self) for _ in range(rng.randint(2, 7))]
        for _ in range(rng.randint(1, 4)):
            nodes.append(self.immutable(nodes))
        for node in nodes:
            for _ in range(rng.randint(0, 3)):
                self.fill(node, rng.choice(nodes))
        root = {"k%d" % index: rng.choice(nodes) for index in range(rng.randint(1, 4))}
        if rng.random() < 0.3:
            self.fill(rng.choice(nodes), root)
        return root

    def immutable(self, nodes):
        rng = self.rng
        some = [rng.choice(nodes) for _ in range(rng.randint(1, 5))]
        kind = rng.randint(0, 7)
        if kind == 0:
            return u.Keep((self.number(), some[0]))
        if kind == 1:
            return u.MyTuple(some)
        if kind == 2:
            return u.Pair(some[0], some[-1])
        if kind == 3:
            return u.NewArgs(self.number(), *some)
        if kind == 4:
            return u.NewArgsEx((self.number(), some[0]), k=some[-1])
        if kind == 5:
            return frozenset(node for node in some if _is_hashable(node))
        if kind == 6:
            return datetime.datetime(2024, 2, 29, tzinfo=_tz(some[0]))
        return tuple(some)

    def fill(self, node, other):
        if isinstance(node, (list, collections.deque)):
            node.append(other)
        elif isinstance(node, dict):
            key = other if _is_hashable(other) and self.rng.random() < 0.3 else "k%d" % self.rng.randint(0, 5)
            node[key] = other
        elif isinstance(node, set):
            if _is_hashable(other):
                node.add(other)
        elif isinstance(node, u.CopySet):
            if _is_hashable(other):
                node.members.add(other)
        elif isinstance(node, u.CopyMap):
            node.entries["k%d" % self.rng.randint(0, 5)] = other
        elif isinstance(node, u.Slots):
            node.b = other
        elif isinstance(node, (u.State, u.Keep)):
            node.a = (self.number(), other)
        elif hasattr(node, "__dict__") and not isinstance(node, (u.NewArgs, u.NewArgsEx, u.Copy, u.Frozen)):
            setattr(node, self.rng.choice("xyz"), other)
        if isinstance(node, (list, dict, set, collections.deque)) and hasattr(node, "__dict__") and self.rng.random() < 0.3:
            node.extra = other

    MAKERS = [
        lambda s: [],
        lambda s: [],
        lambda s: {},
        lambda s: {},
        lambda s: set(),
        lambda s: s.numbered(u.Plain()),
        lambda s: s.numbered(u.Plain()),
        lambda s: u.Keep(s.number()),
        lambda s: u.State(s.number()),
        lambda s: u.Zone(s.number()),
        lambda s: u.Failure(s.number()),
        lambda s: u.CopySet([s.number()]),
        lambda s: u.CopyMap({"number": s.number()}),
        lambda s: s.slots(),
        lambda s: s.numbered(u.SlotsAndDict()),
        lambda s: s.numbered(u.Setter()),
        lambda s: u.SetterAll(),
        lambda s: u.MyList(),
        lambda s: u.MyDict(),
        lambda s: u.MySet(),
        lambda s: u.Items(),
        lambda s: u.Pairs(),
        lambda s: u.Data(),
        lambda s: collections.OrderedDict(),
        lambda s: collections.deque(),
        lambda s: collections.defaultdict(list),
    ]


def _tz(other):
    zone = u.Zone(5)
    zone.other = other
    return zone


def _is_hashable(value):
    """Whether it may go into a set. A NewArgsEx loses its number below protocol 2."""
    if isinstance(value, u.NewArgsEx) or isinstance(value, (tuple, frozenset)) and not all(map(_is_hashable, value)):
        return False
    try:
        hash(value)
    except (TypeError, RecursionError):
        return False
    return True
