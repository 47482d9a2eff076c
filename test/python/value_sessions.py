"""Sessions that the tests of values send through Node, and what Python finds afterwards."""

import collections
import datetime
import decimal
import enum
import functools
import pickle
import random
import uuid
import zoneinfo
from dataclasses import dataclass
from datetime import date, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytz
from markupsafe import Markup

from canonical import canonical

zoneinfo.reset_tzpath([])  # the pinned tzdata, whatever this machine has


class Colour(enum.Enum):
    RED = 1
    GREEN = 2


@dataclass
class Item:
    sku: str
    price: float


Point = collections.namedtuple("Point", "x y")


class Bag:
    """An object of a class that only the Flask app has."""

    def __init__(self, **attributes):
        self.__dict__.update(attributes)


def holding_itself(kind):
    """A tuple or frozenset of an object that holds it."""
    bag = Bag()
    bag.me = kind([bag])
    return bag.me


class Zone(datetime.tzinfo):
    """A tzinfo that only Python understands."""

    def utcoffset(self, moment):
        return timedelta(hours=3)

    def dst(self, moment):
        return timedelta(0)

    def tzname(self, moment):
        return "Z3"


def moment(*fields, zone=None, **more):
    return datetime.datetime(*fields, tzinfo=zone, **more)


def local(zone, *fields, **more):
    """An aware datetime in a pytz zone."""
    return pytz.timezone(zone).localize(datetime.datetime(*fields), **more)


def shop():
    shared = [1, 2.0]
    cycle = [1.0]
    cycle.append(cycle)
    return {
        "price": 10.0,
        "n": 1,
        "negative_zero": -0.0,
        "big": 2**70,
        "nan": float("nan"),
        "cart": [
            {"sku": "a", "price": 10.0, "qty": 1},
            {"sku": "b", "price": 2.5, "qty": 2},
            {"sku": "c", "price": 30.0, "qty": 3},
        ],
        "floats": [10.0, 2.5, 3.0],
        "mixed": [1, 1.0, 10.0, 5],
        "ints": [3, 1, 2],
        "tup": (1, 2.0, "x"),
        "nest": {"a": {"b": 5.0, "c": 5}},
        "s": {1, 2.0},
        "fs": frozenset([3.0]),
        "by": b"\x00\xff",
        "ba": bytearray(b"ab"),
        "order": {"10": 1.0, "2": 2, "x": 3, "1": 4.0},
        "sh1": shared,
        "sh2": shared,
        "cyc": cycle,
        "empty": {},
        "flashes": [("message", "hi"), ("error", "no")],
        "__proto__": {"p": 1.0},
        "intmap": {1: 10.0, 2: 20},
        "when": moment(2024, 2, 29, 12, 30, 45, 123456),
        "utc": moment(2024, 2, 29, 12, 30, 45, 123456, zone=timezone.utc),
        "decimal": Decimal("1.10"),
        "uuid": UUID("12345678-1234-5678-1234-567812345678"),
        "markup": Markup("<b>"),
        "delta": timedelta(1, 2, 3),
        "day": date(2024, 2, 29),
        "clock": time(12, 30, 45, 123456),
        "ordered": collections.OrderedDict([("b", 1.0), ("a", 2)]),
        "colour": Colour.RED,
        "item": Item("a", 10.0),
        "bag": Bag(x=1.0, inner=[1.0, {"k": 2.0}]),
    }


def dump(session, protocol=4):
    return pickle.dumps(session, protocol).hex()


def read_back(text, session, statements, protocol=4):
    """What Node's bytes differ in from Python doing the same: `found` and `wanted`, and the keys that Python changed."""
    before = pickle.loads(pickle.dumps(session, protocol))
    wanted = pickle.loads(pickle.dumps(session, protocol))
    exec(statements, globals(), {"s": wanted})
    found = pickle.loads(bytes.fromhex(text))
    keys = [key for key in {**before, **wanted} if isinstance(key, str)]
    changed = [key for key in keys if part(before, key) != part(wanted, key)]
    return {
        "found": canonical(found),
        "wanted": canonical(wanted),
        "foundRepr": repr(found),
        "wantedRepr": repr(wanted),
        "changed": sorted(changed),
    }


def part(session, key):
    return canonical(session[key]) if key in session else None


# Zones: many datetimes at once


def zones_of(kind, rng, count):
    """Random zones that both sides know; pytz's names without those of the operating system."""
    names = sorted(zoneinfo.available_timezones() - {"Factory", "localtime"})
    names = [name for name in names if not name.startswith(("posix", "right", "SystemV"))]
    if kind == "pytz":
        names = [name for name in names if name in pytz.all_timezones_set]
    return [rng.choice(names) for _ in range(count)]


def random_wall(zone, rng, first, last):
    """A wall clock on the day of one of the zone's changes, or anywhere in these years."""
    anywhere = datetime.datetime(first, 1, 1) + timedelta(seconds=rng.randrange((last - first + 1) * 365 * 86400))
    if rng.random() < 0.5:
        return anywhere
    day = datetime.datetime(anywhere.year, 1, 1)
    before = day.replace(tzinfo=zone).utcoffset()
    for number in range(1, 366):
        offset = (day + timedelta(number)).replace(tzinfo=zone).utcoffset()
        if offset != before:
            low = day + timedelta(number - 1)
            return low + timedelta(seconds=rng.randrange(86400), microseconds=rng.randrange(10**6))
    return anywhere


def random_moments(kind, seed, count, first, last):
    """Datetimes in random zones, their instants in milliseconds, and other instants to which Node moves them."""
    rng = random.Random(seed)
    moments, targets = [], []
    for name in zones_of(kind, rng, count):
        wall = random_wall(ZoneInfo(name), rng, first, last)
        target = random_wall(ZoneInfo(name), rng, first, last)
        if kind == "pytz":
            moments.append(pytz.timezone(name).localize(wall, is_dst=rng.random() < 0.5))
        else:
            moments.append(wall.replace(tzinfo=ZoneInfo(name), fold=rng.randrange(2)))
        targets.append(target.replace(tzinfo=timezone.utc))
    return moments, targets


def millis(moment):
    return (moment.astimezone(timezone.utc) - EPOCH) // timedelta(milliseconds=1)


EPOCH = datetime.datetime(1970, 1, 1, tzinfo=timezone.utc)


def moved(moment, target):
    """What Python makes of an instant in the zone of a datetime."""
    zone = moment.tzinfo
    return zone.normalize(target.astimezone(zone)) if hasattr(zone, "normalize") else target.astimezone(zone)


# Objects that pickles describe in rarer ways


class WithKeywords:
    def __new__(cls, one=None, *, key=None):
        made = object.__new__(cls)
        made.one, made.key = one, key
        return made

    def __getnewargs_ex__(self):
        return (self.one,), {"key": self.key}

    def __getstate__(self):
        return None


def set_state(made, state):
    made.__dict__.update(state)


class WithSetter:
    def __reduce__(self):
        return WithSetter, (), dict(self.__dict__), None, None, set_state


def with_setter(**attributes):
    made = WithSetter()
    made.__dict__.update(attributes)
    return made


class Curried:
    """An object that a call of a call makes."""

    def __reduce__(self):
        return functools.partial(Curried), ()
