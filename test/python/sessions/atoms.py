"""Random values that hold no others.

Each row of ATOMS says who carries it: `p` a pickle; `c` a pickle, and structuredClone in Node copies it whole; `m`
msgspec's msgpack; `j` msgspec's JSON.
"""

import datetime
import decimal
import fractions
import pathlib
import uuid
import zoneinfo

import unknown_classes as u
from markupsafe import Markup

try:  # an environment may lack them
    import numpy
except ImportError:
    numpy = None
try:
    import pytz
except ImportError:
    pytz = None

TEXTS = ["", "a", "user", "café", "a'b\"c\\n", "line\nbreak", "\x00", "x" * 70, "é" * 300, "0", "10", "2", "__proto__", "constructor"]
FLOATS = [0.0, -0.0, 1.0, 10.0, 1.5, -2.25, 1e300, 5e-324, 2.0**53, 2.0**60, 1e16, 1e22, 1e-7, 0.1]
NOT_FINITE = [float("inf"), float("-inf"), float("nan")]
SMALL_INTS = [0, 1, 10, -1, 127, 128, 255, 256, -129, 65535, 65536, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1]
INTS = SMALL_INTS + [2**53 - 1, 2**53, -(2**53), 2**63 - 1, -(2**63), 2**64 - 1]
BIG_INTS = [2**64, -(2**63) - 1, 2**70, 3**500, -(3**2000)]
ZONES = ["Europe/Paris", "America/New_York", "UTC", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Monrovia"]
DECIMALS = ["1.10", "1.1", "0", "-0.00", "Infinity", "-Infinity", "1E+30", "-1E-999999", "0E+5", "123456789.123456789"]
NANS = ["NaN", "sNaN", "-NaN", "NaN123"]
MICROS_OF_ALL_YEARS = (datetime.datetime.max - datetime.datetime.min) // datetime.timedelta(microseconds=1)


def text(rng):
    """Any scalar value, of every plane, NUL among them."""
    return "".join(_character(rng) for _ in range(rng.choice([0, 1, 2, 3, 8, 40])))


def _character(rng):
    code = rng.choice([rng.randrange(0x80), rng.randrange(0x800), rng.randrange(17) * 0x10000 + rng.randrange(0x10000)])
    return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)


def lone_surrogates(rng):
    return rng.choice(["\ud800", "x\udfff", "\udc00\ud800", "😀\ud83d", "\ude00😀"])


def decimal_digits(rng):
    made = decimal.Decimal(rng.randrange(-(10**20), 10**20)).scaleb(rng.randrange(-30, 30))
    return rng.choice([made, decimal.Decimal(rng.choice(DECIMALS))])


def wall(rng):
    """A naive datetime of the years 1 to 9999, or of ours."""
    if rng.random() < 0.5:
        made = datetime.datetime.min + datetime.timedelta(microseconds=rng.randint(0, MICROS_OF_ALL_YEARS))
    else:
        made = datetime.datetime(1990, 1, 1) + datetime.timedelta(seconds=rng.randrange(40 * 365 * 86400))
    return made.replace(microsecond=rng.choice([0, 1, 500000, 999999, made.microsecond]), fold=rng.randrange(2))


def fixed_zone(rng):
    """A datetime.timezone."""
    minutes = datetime.timedelta(minutes=rng.randint(-1439, 1439))
    return rng.choice([datetime.timezone.utc, datetime.timezone(minutes), datetime.timezone(minutes, "X"), datetime.timezone(minutes / 7)])


def known_zone(rng):
    """A tzinfo whose offsets Node knows."""
    kind = rng.random()
    if kind < 0.1:
        return zoneinfo.ZoneInfo.no_cache("Europe/Berlin")
    return zoneinfo.ZoneInfo(rng.choice(ZONES)) if kind < 0.5 else fixed_zone(rng)


def moment(rng):
    """An aware datetime that Node shows as a Date."""
    made = wall(rng)
    if pytz is None or rng.random() < 0.8:
        return made.replace(tzinfo=known_zone(rng))
    zone = rng.choice([pytz.timezone(rng.choice(ZONES)), pytz.utc, pytz.FixedOffset(rng.randint(-1439, 1439))])
    return zone.localize(made.replace(year=rng.randint(1902, 2037), day=1, fold=0), is_dst=rng.random() < 0.5)


def odd_moment(rng):
    """An aware datetime in a zone of the app's own, pytz-like or not."""
    return wall(rng).replace(tzinfo=rng.choice([u.UTC, u.Zone(rng.randint(-600, 600))]))


def clock(rng):
    return wall(rng).timetz().replace(tzinfo=rng.choice([None, fixed_zone(rng)]))


def timedelta(rng):
    days = rng.choice([0, 1, -1, rng.randint(-999999999, 999999998)])
    return datetime.timedelta(days, rng.choice([0, rng.randrange(86400)]), rng.choice([0, 1, 999999]))


def exact_number(rng):
    """Of a class of numbers that JavaScript has not."""
    made = complex(rng.choice(FLOATS + NOT_FINITE), rng.choice(FLOATS))
    return rng.choice([made, fractions.Fraction(rng.randint(-9, 9), rng.randint(1, 9)), range(rng.randint(0, 5), 300, rng.randint(1, 9))])


def member_of_enum(rng):
    return rng.choice([u.Color.RED, u.Color.BLUE, u.Level.LOW, u.Level.HIGH])


def odd_member_of_enum(rng):
    return rng.choice([u.Permission.READ, u.Permission.READ | u.Permission.WRITE, u.Mode.READ | u.Mode.WRITE, u.Mode(8), u.Named.A])


def named_in_a_module(rng):
    """What a pickle holds by its name."""
    things = [int, u.Plain, u.Outer.Inner, len, u.set_state, Ellipsis, NotImplemented, type(None), u.SINGLETON, u.Outer.Inner.make, u.Outer.function]
    return rng.choice(things)


def lazy(rng):
    return u.Lazy(u.translated, rng.choice(["Hello %(name)s", "Bye", "é"]), name=rng.choice(TEXTS))


def of_a_subclass(rng):
    """A str, an int or bytes, and more than that."""
    made = rng.choice([u.MyStr(rng.choice(TEXTS)), u.MyInt(rng.choice(INTS)), u.MyBytes(b"ab"), u.MyBytearray(b"\x00\xff")])
    if rng.random() < 0.5:
        made.extra = rng.choice(TEXTS)
    return made


def numpy_scalar(rng):
    number = rng.choice(FLOATS)
    kind = rng.choice(["float64", "float32", "float16", "complex128", "bool_", "str_", "bytes_", "int64", "uint8", "int16", "datetime64", "timedelta64"])
    if kind in ("int64", "uint8", "int16"):
        return getattr(numpy, kind)(rng.randrange(128))
    if kind == "datetime64":
        return numpy.datetime64(rng.choice(["2024-02-29", "2024-02-29T12:30:45.123456", "1969-12", "NaT"]))
    if kind == "timedelta64":
        return numpy.timedelta64(rng.randrange(99), rng.choice(["D", "ns"]))
    if kind in ("str_", "bytes_"):
        return getattr(numpy, kind)("ab" if kind == "str_" else b"ab")
    with numpy.errstate(over="ignore"):
        return getattr(numpy, kind)(number)


def numpy_array(rng):
    kind = rng.choice(["f8", "<f4", ">i4", "u1", "?", "c16", "U3", "S2", "M8[us]", [("a", "i4"), ("b", "f8", 2)]])
    shape = rng.choice([(), (0,), (1,), (5,), (2, 3), (2, 0, 2)])
    made = numpy.zeros(shape, kind, rng.choice("CF"))
    if kind not in ("U3", "S2", "M8[us]") and isinstance(kind, str):
        made += numpy.arange(made.size).reshape(shape).astype(made.dtype) if kind != "?" else True
    return made[::-1] if made.ndim == 1 and rng.random() < 0.3 else made


ATOMS = [
    ("pcmj", lambda rng: None),
    ("pcmj", lambda rng: rng.random() < 0.5),
    ("pcmj", lambda rng: rng.choice(SMALL_INTS)),
    ("pcmj", lambda rng: rng.choice(INTS)),
    ("pcmj", lambda rng: rng.randint(-(2**40), 2**40)),
    ("pc j", lambda rng: rng.choice(BIG_INTS)),
    ("pcmj", lambda rng: rng.choice(FLOATS)),
    ("pcmj", lambda rng: rng.choice(FLOATS)),
    ("pcmj", lambda rng: rng.uniform(-1e6, 1e6)),
    ("pcm ", lambda rng: rng.choice(NOT_FINITE)),
    ("pcmj", lambda rng: rng.choice(TEXTS)),
    ("pcmj", lambda rng: rng.choice(TEXTS) + rng.choice(TEXTS)),
    ("pcmj", text),
    ("pc  ", lone_surrogates),
    ("pcmj", lambda rng: rng.choice([b"", b"\x00\xff", b"abc", bytes(range(256)) * 2])),
    ("pcmj", lambda rng: bytearray(rng.choice([b"", b"\x01\xfe", b"x" * 300]))),
    ("pcmj", wall),
    ("pcmj", moment),
    ("p mj", odd_moment),
    ("p mj", lambda rng: wall(rng).date()),
    ("p mj", clock),
    ("p mj", timedelta),
    ("p mj", decimal_digits),
    ("p mj", lambda rng: decimal.Decimal(rng.choice(NANS))),
    ("p mj", lambda rng: uuid.UUID(int=rng.getrandbits(rng.choice([8, 60, 128])))),
    ("p   ", lambda rng: uuid.UUID(int=rng.getrandbits(128), version=1, is_safe=uuid.SafeUUID.safe)),
    ("p   ", lambda rng: Markup("<b>" + rng.choice(TEXTS) + "</b>")),
    ("p   ", exact_number),
    ("p mj", member_of_enum),
    ("p   ", odd_member_of_enum),
    ("p   ", named_in_a_module),
    ("p   ", lambda rng: pathlib.PurePosixPath("/a/b", rng.choice(["c", "d/e"]))),
    ("p   ", known_zone),
    ("p   ", lazy),
    ("p   ", of_a_subclass),
]
if numpy is not None:
    ATOMS += [("p   ", numpy_scalar), ("p   ", numpy_array)]
