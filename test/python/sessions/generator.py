"""A random session by its seed and number."""

import collections
import random

import unknown_classes as u
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from .atoms import ATOMS, TEXTS, numpy
from .hashing import is_told_apart
from .knots import knot, tie

MANY = 10_000


def session(seed, index, carrier):
    """The session of that number. `carrier`: "pickle", "msgpack" or "json", which holds every value of it in some form."""
    rng = random.Random("%s %s" % (seed, index))
    if carrier != "pickle":
        return Generator(rng, carrier[0]).session()
    kind = rng.random()
    if kind < 0.5:
        return knot(rng)
    return Generator(rng, "c" if kind < 0.65 else "p").session()


class Generator:
    """Makes trees that share some of their parts, then ties some of these to others, so that there are cycles."""

    def __init__(self, rng, carrier):
        self.rng = rng
        self.carrier = carrier
        self.made = []
        self.count = 0

    def session(self):
        rng = self.rng
        made = {self.key(): self.value(rng.randint(0, 4)) for _ in range(rng.randint(0, 8))}
        if rng.random() < 0.01:
            made["many"] = self.many(rng.randint(0, MANY))
        if rng.random() < 0.01:
            made["deep"] = self.deep(rng.randint(0, 150))
        if self.carrier in "pc" and self.made and rng.random() < 0.5:
            for _ in range(rng.randint(0, 3)):
                tie(rng, self.made, self.number)
        return made

    def value(self, depth):
        if self.made and self.rng.random() < 0.12:
            return self.rng.choice(self.made)
        if depth <= 0 or self.rng.random() < 0.3:
            return self.atom()
        value = self.rng.choice(BRANCHES_OF[self.carrier])(self, depth - 1)
        if self.rng.random() < 0.5:
            self.made.append(value)
        return value

    def atom(self):
        return self.rng.choice(ATOMS_OF[self.carrier])(self.rng)

    def values(self, depth):
        return [self.value(depth) for _ in range(self.rng.choice([0, 1, 1, 2, 3, 4, 7]))]

    def number(self):
        """Each object that is hashed by its address has one: nothing else tells members of a set apart that look the same."""
        self.count += 1
        return self.count

    def key(self):
        if self.rng.random() < 0.93:
            return self.rng.choice(TEXTS) + str(self.rng.choice(["", self.rng.randint(0, 30)]))
        return self.hashable(2)

    def hashable(self, depth):
        if depth > 0 and self.carrier != "j" and self.rng.random() < 0.4:
            items = [item for item in self.hashables(depth - 1) if item == item]  # a NaN within could not be told apart
            return self.rng.choice(IMMUTABLE_OF[self.carrier])(items)
        while True:
            value = self.atom()
            if is_told_apart(value):
                return value

    def hashables(self, depth=1):
        return [self.hashable(depth) for _ in range(self.rng.randint(0, 4))]

    def dict(self, depth):
        return {self.key(): self.value(depth) for _ in range(self.rng.randint(0, 4))}

    def numbered_dict(self, depth):
        return {self.hashable(1): self.value(depth) for _ in range(self.rng.randint(1, 4))}

    def rows(self, depth):
        """As many tables have them: dicts of the same keys."""
        names = [self.key() for _ in range(self.rng.randint(1, 3))]
        return [{name: self.value(0) for name in names} for _ in range(self.rng.randint(1, 4))]

    def many(self, count):
        kind = self.rng.randint(0, 3)
        if kind == 0:
            return [self.atom() for _ in range(count)]
        if kind == 1:
            return {"k%d" % number: self.atom() for number in range(count)}
        return {number: number * 1.0 for number in range(count)} if kind == 2 else {"m%d" % number for number in range(count)}

    def deep(self, levels):
        value = self.atom()
        for _ in range(levels):
            value = self.rng.choice([lambda v: [v], lambda v: (v,), lambda v: {"a": v}])(value)
        return value

    def plain_object(self, depth):
        made = self.rng.choice([u.Plain, u.SlotsAndDict])()
        made.number = self.number()
        for _ in range(self.rng.randint(0, 3)):
            setattr(made, self.rng.choice(["a", "b", "c", "été"]), self.value(depth))
        return made

    def slots(self, depth):
        made = u.Slots()
        made.a = self.number()
        if self.rng.random() < 0.7:
            made.b = self.value(depth)
        return made

    def subclass(self, depth):
        made = self.rng.choice([u.MyList, u.Items, u.Copy, u.SetterAll, u.MyTuple, u.MyDeque])(self.values(depth))
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
        made.number = self.number()
        made.a = self.value(depth)
        return made

    def failure(self, depth):
        number, value = self.number(), self.value(depth)
        kind = self.rng.choice([u.Failure, ValueError, KeyError, OSError, StopIteration, UnicodeDecodeError])
        if kind is OSError:
            made = OSError(1000 + number, "text", "file")
        elif kind is UnicodeDecodeError:
            made = UnicodeDecodeError("utf-8", b"\xff", 0, 1, "text %d" % number)
        else:
            made = kind("text", number, value)
        if self.rng.random() < 0.5:
            made.extra = value
            made.add_note("a note")
        return made

    def multi(self, depth):
        pairs = [(self.rng.choice("abc"), self.value(depth)) for _ in range(self.rng.randint(0, 4))]
        return self.rng.choice([MultiDict, ImmutableMultiDict])(pairs)

    def defaultdict(self, depth):
        kind = self.rng.choice([collections.defaultdict, collections.defaultdict, u.MyDefaultDict])
        made = kind(self.rng.choice([list, int, None, u.Plain]))
        for _ in range(self.rng.randint(0, 3)):
            made[self.key()] = self.value(depth)
        return made

    def row(self, depth):
        made = u.Row(self.value(depth), self.value(depth))
        made.extra = self.value(depth)
        return made

    def new_arguments(self, depth):
        number = self.number()
        if self.rng.random() < 0.5:
            return u.NewArgs(number, self.value(depth), self.value(depth))
        return u.NewArgsEx((number, self.value(depth)), k=self.value(depth))

    def with_state(self, depth):
        return self.rng.choice([u.State, u.OwnState, u.Keep, u.Made])((self.number(), self.value(depth)))

    def object_array(self, depth):
        made = numpy.empty(self.rng.randint(0, 3), object)
        for index in range(made.size):
            made[index] = self.value(depth)
        return made


BRANCHES = [
    ("pcmj", Generator.values),
    ("pcmj", Generator.values),
    ("pcmj", lambda s, d: tuple(s.values(d))),
    ("pcmj", Generator.dict),
    ("pcmj", Generator.dict),
    ("pcmj", Generator.rows),
    ("pcmj", Generator.numbered_dict),
    ("pcmj", lambda s, d: set(s.hashables())),
    ("pcmj", lambda s, d: frozenset(s.hashables())),
    ("p   ", Generator.plain_object),
    ("p   ", Generator.slots),
    ("p   ", Generator.subclass),
    ("p   ", Generator.mapping),
    ("p   ", Generator.setter),
    ("p   ", Generator.failure),
    ("p mj", Generator.multi),
    ("p mj", Generator.defaultdict),
    ("p mj", lambda s, d: collections.OrderedDict(s.dict(d))),
    ("p   ", lambda s, d: collections.deque(s.values(d), s.rng.choice([None, 3]))),
    ("p mj", lambda s, d: collections.Counter({s.key(): s.rng.randint(0, 5)})),
    ("p mj", lambda s, d: u.Pair(s.value(d), s.value(d))),
    ("p mj", lambda s, d: u.Typed("name", s.value(d))),
    ("p   ", Generator.row),
    ("p mj", lambda s, d: s.rng.choice([u.Data, u.Frozen, u.Slotted, u.FrozenSlots])(s.value(d))),
    ("p   ", Generator.with_state),
    ("p   ", lambda s, d: u.CopySet([s.number(), *s.hashables()])),
    ("p   ", lambda s, d: u.CopyMap({"number": s.number(), s.key(): s.value(d)})),
    ("p   ", Generator.new_arguments),
    ("p   ", lambda s, d: s.rng.choice([u.MySet, u.MyFrozenset])(s.hashables())),
]
if numpy is not None:
    BRANCHES.append(("p   ", Generator.object_array))

#: Made of hashable items, and hashable by them.
IMMUTABLE = [
    ("pcmj", tuple),
    ("pcmj", tuple),
    ("pcmj", frozenset),
    ("p   ", u.MyTuple),
    ("p   ", u.MyFrozenset),
    ("p   ", lambda items: u.Pair(tuple(items), "right")),
    ("p   ", lambda items: u.Frozen(tuple(items))),
]

ATOMS_OF = {letter: [make for carriers, make in ATOMS if letter in carriers] for letter in "pcmj"}
IMMUTABLE_OF = {letter: [make for carriers, make in IMMUTABLE if letter in carriers] for letter in "pcmj"}
BRANCHES_OF = {letter: [make for carriers, make in BRANCHES if letter in carriers] for letter in "pcmj"}
