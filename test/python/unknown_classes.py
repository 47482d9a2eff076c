"""Classes that Node has never heard of: one for every way in which Python takes an object apart and puts it together."""

import collections
import dataclasses
import datetime
import enum
import typing


class Plain:
    """NEWOBJ and a state."""


class Slots:
    """A state of two parts: no __dict__, but slots."""

    __slots__ = ("a", "b")


class SlotsAndDict(Slots):
    """Both parts."""


class State:
    """Its own __getstate__ and __setstate__, and a state that is no dict."""

    def __init__(self, a=None):
        self.a = a

    def __getstate__(self):
        return ("state", self.a)

    def __setstate__(self, state):
        self.a = state[1]


class Keep:
    """REDUCE; keeps its argument."""

    def __init__(self, a):
        self.a = a

    def __reduce__(self):
        return (Keep, (self.a,))


class Copy(list):
    """REDUCE; copies its argument, which must be complete by then."""

    def __reduce__(self):
        return (Copy, (list(self),), self.__dict__ or None)


class CopyDict(dict):
    """As the OrderedDict of Python 2: [[key, value], ...]."""

    def __reduce__(self):
        return (CopyDict, ([[key, value] for key, value in self.items()],))


class CopySet:
    """REDUCE; copies a set, whose members may know it."""

    def __init__(self, members=()):
        self.members = set(members)

    def __reduce__(self):
        return (CopySet, (set(self.members),))


class CopyMap:
    """REDUCE; copies a dict, whose values may know it."""

    def __init__(self, entries=()):
        self.entries = dict(entries)

    def __reduce__(self):
        return (CopyMap, (dict(self.entries),))


class MySet(set):
    """A set subclass: called with a list, then a state."""


class MyFrozenset(frozenset):
    """A frozenset subclass."""


class MyTuple(tuple):
    """A tuple subclass: NEWOBJ with the items."""


class MyList(list):
    """A list subclass: NEWOBJ, then APPENDS."""


class MyDict(dict):
    """A dict subclass: NEWOBJ, then SETITEMS."""


class MyStr(str):
    """A str subclass."""


class MyInt(int):
    """An int subclass."""


class MyBytes(bytes):
    """A bytes subclass."""


class MyBytearray(bytearray):
    """A bytearray subclass: REDUCE with its text, and a state."""


class MyDefaultDict(collections.defaultdict):
    """Pickled as its base is, the factory first."""


class MyDeque(collections.deque):
    """A deque subclass, with a state beside its items."""


class Items(list):
    """REDUCE without arguments, then items from an iterator."""

    def __reduce__(self):
        return (Items, (), self.__dict__ or None, iter(list(self)))


class Pairs(dict):
    """REDUCE without arguments, then pairs from an iterator."""

    def __reduce__(self):
        return (Pairs, (), self.__dict__ or None, None, iter(list(self.items())))


def set_state(target, state):
    """A state setter, the sixth item of __reduce__."""
    target.__dict__.update(state)
    target.via = "setter"


class Setter:
    """REDUCE with a state setter."""

    def __reduce__(self):
        return (Setter, (), {k: v for k, v in self.__dict__.items() if k != "via"}, None, None, set_state)


class SetterAll(list):
    """Items and a state setter."""

    def __reduce__(self):
        return (SetterAll, (), dict(self.__dict__), iter(list(self)), None, set_state)


class OwnState:
    """A __getstate__ of its own, and no __setstate__: its state becomes its __dict__."""

    def __init__(self, a=None):
        self.a = a
        self.unpickled = object()

    def __getstate__(self):
        return {"a": self.a}


class Lazy:
    """Text that is translated when it is shown, as flask_babel's: equal to that text, and hashed as it is."""

    def __init__(self, function, *args, **kwargs):
        self._function = function
        self._args = args
        self._kwargs = kwargs

    def __getattr__(self, name):
        if name == "__setstate__":
            raise AttributeError(name)
        return getattr(str(self), name)

    def __str__(self):
        return str(self._function(*self._args, **self._kwargs))

    def __eq__(self, other):
        return str(self) == other

    def __hash__(self):
        return hash(str(self))


def translated(text, **variables):
    """A catalogue of no language."""
    return text % variables


class NewArgs:
    """NEWOBJ with arguments."""

    def __new__(cls, *args):
        made = object.__new__(cls)
        made.args = args
        return made

    def __getnewargs__(self):
        return self.args


class NewArgsEx:
    """NEWOBJ_EX, and nothing else: below protocol 2 the attributes are lost."""

    a = k = None

    def __new__(cls, a=None, *, k=None):
        made = object.__new__(cls)
        made.a = a
        made.k = k
        return made

    def __getnewargs_ex__(self):
        return ((self.a,), {"k": self.k})

    def __getstate__(self):
        return None


class Outer:
    """A class in a class."""

    class Inner:
        """Its name is dotted."""

        @classmethod
        def make(cls, a):
            made = cls()
            made.a = a
            return made

    @staticmethod
    def function():
        """A function in a class."""


class Made:
    """REDUCE by a class method: getattr in protocols below 4."""

    def __init__(self, a=None):
        self.a = a

    @classmethod
    def of(cls, a):
        return cls(a)

    def __reduce__(self):
        return (Made.of, (self.a,))


class Singleton:
    """Reduces to a global's name."""

    def __reduce__(self):
        return "SINGLETON"


SINGLETON = Singleton()


class Zone(datetime.tzinfo):
    """A tzinfo of the app."""

    def __init__(self, minutes=0):
        self.minutes = minutes

    def utcoffset(self, when):
        return datetime.timedelta(minutes=self.minutes)

    def dst(self, when):
        return None

    def __getinitargs__(self):
        return (self.minutes,)


class _Utc(datetime.tzinfo):
    """As pytz: a function without arguments gives the one and only."""

    def utcoffset(self, when):
        return datetime.timedelta(0)

    dst = utcoffset

    def __reduce__(self):
        return (utc, ())


UTC = _Utc()


def utc():
    """The one and only."""
    return UTC


class SubDateTime(datetime.datetime):
    """A datetime subclass is called by its own name."""


class Color(enum.Enum):
    RED = 1
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 10


class Permission(enum.Flag):
    READ = 1
    WRITE = 2


class Named(str, enum.Enum):
    """A str and an Enum."""

    A = "a"


@dataclasses.dataclass
class Data:
    a: typing.Any = None
    b: float = 1.0


@dataclasses.dataclass(frozen=True)
class Frozen:
    a: typing.Any = None


@dataclasses.dataclass(slots=True)
class Slotted:
    a: typing.Any = None
    b: float = 1.0


@dataclasses.dataclass(frozen=True, slots=True)
class FrozenSlots:
    """Has a __getstate__ and a __setstate__ that dataclasses made: its state is a list."""

    a: typing.Any = None


Pair = collections.namedtuple("Pair", "left right")


class Row(Pair):
    """A named tuple with attributes."""


class Typed(typing.NamedTuple):
    name: str
    value: typing.Any = None


class Failure(Exception):
    """An exception with attributes."""


class Mode(enum.IntFlag):
    READ = 1
    WRITE = 2


class OldStyle:
    """Written by INST and OBJ in protocols of Python 2."""

    def __init__(self, *args):
        self.args = args
