"""Values of every kind that a session can hold, each a row of what msgspec does with it."""

import collections
import dataclasses
import datetime
import decimal
import enum
import math
import uuid
import zoneinfo

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

UTC = datetime.timezone.utc
WHEN = datetime.datetime(2024, 2, 29, 12, 30, 45, 123456)
DAY = datetime.date(2024, 2, 29)
TIME = datetime.time(12, 30, 45, 123456)


class Colour(enum.Enum):
    RED = 1


class Number(enum.IntEnum):
    THREE = 3


@dataclasses.dataclass
class Line:
    name: str
    price: float


Point = collections.namedtuple("Point", "x y")


def zone(**offset):
    return datetime.timezone(datetime.timedelta(**offset))


SCALARS = [
    None, True, False,
    0, 1, 127, 128, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 1700000000000, 2**53 - 1, 2**53, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1,
    -1, -32, -33, -128, -129, -32768, -32769, -(2**31), -(2**31) - 1, -(2**53) + 1, -(2**53), -(2**63),
    2**64, -(2**63) - 1, 2**70,
    0.0, -0.0, 1.0, 10.0, 1.5, 1.1, 0.1 + 0.2, 1e15, 1e16, 1.5e16, 1e22, 1e-4, 1e-5, 1.5e-5, 1e-6, 1.25e-6, 1e-7, 1e300, 5e-324,
    1.7976931348623157e308, 9007199254740993.0, -1e16, -1e-7, math.nan, math.inf, -math.inf,
    "", "a", "a" * 31, "a" * 32, "a" * 33, "é" * 15, "é" * 16, "é€😀", "\ufffd", "\x00\x01\b\t\n\f\r\x1f\x7f\x80\u2028\"\\/<>&'", "\ud800", "\udfff a", "é\ud800",
    b"", b"\x00\xff", b"abc", b"abcd", bytearray(b"ab"),
]

DATES = [
    WHEN, WHEN.replace(microsecond=0), WHEN.replace(microsecond=5), datetime.datetime(1, 2, 3, fold=1), datetime.datetime(9999, 12, 31, 23, 59, 59, 999999),
    WHEN.replace(tzinfo=UTC), WHEN.replace(microsecond=0, tzinfo=UTC), WHEN.replace(tzinfo=datetime.timezone(datetime.timedelta(0), "X")),
    WHEN.replace(tzinfo=zone(hours=5, minutes=30)), WHEN.replace(tzinfo=zone(hours=-8)), WHEN.replace(tzinfo=zone(hours=23, minutes=59, seconds=59)),
    WHEN.replace(tzinfo=zone(seconds=30)), WHEN.replace(tzinfo=zone(seconds=31)), WHEN.replace(tzinfo=zone(seconds=-30)), WHEN.replace(tzinfo=zone(seconds=-31)),
    WHEN.replace(tzinfo=zone(microseconds=7)), WHEN.replace(tzinfo=zone(hours=-5, seconds=-15, microseconds=-7)),
    WHEN.replace(tzinfo=zoneinfo.ZoneInfo("Europe/Paris")), datetime.datetime(2024, 10, 27, 2, 30, tzinfo=zoneinfo.ZoneInfo("Europe/Paris")),
    datetime.datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=zoneinfo.ZoneInfo("Europe/Paris")),
    datetime.datetime(1, 1, 1, tzinfo=UTC), datetime.datetime(1960, 1, 1, tzinfo=UTC), datetime.datetime(1969, 12, 31, 23, 59, 59, 999999, UTC),
    datetime.datetime(1970, 1, 1, tzinfo=UTC), datetime.datetime(2106, 2, 7, 6, 28, 15, tzinfo=UTC), datetime.datetime(2106, 2, 7, 6, 28, 16, tzinfo=UTC),
    datetime.datetime(2200, 1, 1, tzinfo=UTC), datetime.datetime(2514, 5, 30, 1, 53, 3, 999999, UTC), datetime.datetime(2514, 5, 30, 1, 53, 4, tzinfo=UTC),
    datetime.datetime(9999, 12, 31, 23, 59, 59, 999999, UTC),
    datetime.datetime(1, 1, 1, tzinfo=zone(hours=5)), datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=zone(hours=-5)),
    DAY, datetime.date(1, 2, 3), TIME, TIME.replace(microsecond=0), datetime.time(1, fold=1), TIME.replace(tzinfo=UTC), TIME.replace(tzinfo=zone(hours=5, minutes=30)),
    TIME.replace(tzinfo=zoneinfo.ZoneInfo("Europe/Paris")),
    datetime.timedelta(0), datetime.timedelta(1), datetime.timedelta(-1), datetime.timedelta(1, 2, 3), datetime.timedelta(hours=1), datetime.timedelta(hours=-1.5),
    datetime.timedelta(microseconds=1), datetime.timedelta(microseconds=-1), datetime.timedelta(seconds=1.5), datetime.timedelta(seconds=-1.5),
    datetime.timedelta(-1, 1), datetime.timedelta.max, datetime.timedelta.min,
]

TEXTUAL = [
    uuid.UUID(int=0), uuid.UUID("12345678-1234-5678-1234-567812345678"), uuid.UUID(int=2**128 - 1),
    decimal.Decimal("1.10"), decimal.Decimal("NaN"), decimal.Decimal("sNaN"), decimal.Decimal("-0"), decimal.Decimal("1E+5"), decimal.Decimal("-Infinity"),
]

CONTAINERS = [
    [], [1], [1] * 15, [1] * 16, (), (1, 2.0), {3}, frozenset([4]), [[[]]], [(1, [2])],
    {}, {"a": 1}, {"b": 1, "a": 2}, {str(i): i for i in range(15)}, {str(i): i for i in range(16)}, {"__proto__": {"x": 1}},
    {"_permanent": True, "cart": [{"id": 1, "price": 9.5}], "_flashes": [("message", "hé")]},
]

KEYS = [
    1, -1, 2**53, 2**63, 2**64, 2**70, 1.0, 1.5, 1e16, 1e-7, -0.0, math.nan, math.inf, -math.inf, None, True, False, "", "é", "\ud800", Markup("<b>"), b"ab",
    (), (1, (2, "x")), (True, None), (Markup("x"),), frozenset([1]), WHEN, WHEN.replace(tzinfo=UTC), WHEN.replace(tzinfo=zone(hours=1)), DAY, TIME,
    datetime.timedelta(1), uuid.UUID(int=7), decimal.Decimal("1.1"), Colour.RED, int, UTC,
]

# Classes that Node does not know: msgspec writes the first ones.
OBJECTS = [
    collections.OrderedDict([("b", 1), ("a", 2)]), collections.defaultdict(list, {"a": [1]}), Point(1, 2), Colour.RED, Number.THREE, Line("tea", 4.0),
    MultiDict([("a", 1), ("a", 2)]),
    Markup("<b>"), 1 + 2j, range(3), collections.deque([1]), ValueError("x"), int, UTC,
]

VALUES = SCALARS + DATES + TEXTUAL + CONTAINERS + OBJECTS + [{key: 1} for key in KEYS]
