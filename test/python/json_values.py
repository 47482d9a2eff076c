"""Random values that msgspec writes as JSON, and random texts that are JSON or nearly so; the same for the same seed."""

import datetime
import decimal
import random
import uuid
import zoneinfo

ZONES = [zoneinfo.ZoneInfo(name) for name in ("UTC", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")]
CHARACTERS = ["abc_", "é€😀\x00\x1f\x7f\"\\/\n\u2028\ufffd\ufeff", "0123456789-+.eE"]


def text(source):
    alphabet = source.choice(CHARACTERS)
    return "".join(source.choice(alphabet) for _ in range(source.choice([0, 1, 2, 3, 8, 33])))


def integer(source):
    return source.getrandbits(source.choice([1, 4, 8, 31, 32, 53, 54, 63, 64, 65, 300])) * source.choice([1, -1])


def number(source):
    return source.choice(
        [
            lambda: source.choice([0.0, -0.0, 1e15, 1e16, 1e-5, 9.999999999999999e-6, 1e-6, 5e-324, float("nan"), float("inf")]),
            lambda: float(source.randrange(-1000, 1000)),
            lambda: source.uniform(-10, 10) * 10.0 ** source.randrange(-320, 308),
            lambda: source.randrange(10**6) * 10.0 ** source.randrange(-12, 20),
            lambda: float(source.getrandbits(source.choice([50, 53, 54, 60, 80]))),
        ]
    )()


def wall(source):
    micros = source.choice([0, 1, 120000, 999999, source.randrange(1000000)])
    start = datetime.datetime(source.choice([1, 1000, 1980, 2000, 2020]), 1, 1)
    return start + datetime.timedelta(seconds=source.randrange(15 * 365 * 86400), microseconds=micros)


def instant(source):
    kind = source.randrange(3)
    if kind == 0:
        return wall(source)
    if kind == 1:
        offset = source.choice([3600 * source.randrange(-23, 24), 900 * source.randrange(-95, 96), source.randrange(-86399, 86400)])
        micros = source.choice([0, 0, source.randrange(1000000)])
        return wall(source).replace(tzinfo=datetime.timezone(datetime.timedelta(seconds=offset if offset > -86399 else 0, microseconds=micros)))
    return wall(source).replace(year=source.randrange(1980, 2030), day=source.randrange(1, 29), fold=source.randrange(2), tzinfo=source.choice(ZONES))


def clock(source):
    value = instant(source)
    return value.timetz() if not isinstance(value.tzinfo, zoneinfo.ZoneInfo) else value.time()


def duration(source):
    return datetime.timedelta(source.choice([0, 0, -1, 1, source.randrange(-1000, 1000)]), source.choice([0, 0, source.randrange(86400)]), source.choice([0, 0, 500000, source.randrange(1000000)]))


ATOMS = [
    lambda source: None,
    lambda source: source.random() < 0.5,
    integer,
    number,
    text,
    lambda source: text(source).encode(),
    lambda source: bytearray(text(source).encode()),
    instant,
    clock,
    duration,
    lambda source: wall(source).date(),
    lambda source: uuid.UUID(int=source.getrandbits(128) >> source.choice([0, 100])),
    lambda source: decimal.Decimal(number(source)) if source.random() < 0.2 else decimal.Decimal(source.randrange(-(10**6), 10**6)).scaleb(source.randrange(-10, 10)),
]
KEYS = [text, text, text, integer, number, lambda source: text(source).encode(), instant, clock, duration, ATOMS[-3], ATOMS[-2], ATOMS[-1]]


def value(source, depth):
    if depth == 0 or source.random() < 0.5:
        return source.choice(ATOMS)(source)
    length = source.choice([0, 1, 2, 5])
    if source.random() < 0.5:
        return {source.choice(KEYS)(source): value(source, depth - 1) for _ in range(length)}
    items = [value(source, depth - 1) for _ in range(length)]
    return source.choice([list, list, tuple])(items)


def values(seed, count):
    source = random.Random(seed)
    return [value(source, 3) for _ in range(count)]


TOKENS = [
    *[token.encode() for token in '[ ] { } , : " \\ / [] {} "" "a" "a": {"a":1} null true false NaN Infinity -Infinity - + . e E 0 1 9 00 -0 1.0 1e5 1e400 1e-400 123456789012345678901'.split(" ")],
    *[b"\\u0041", b"\\ud83d", b"\\ude00", b"\\ud83d\\ude00", b"\\n", b"\\x", b"\\u", b" ", b"\t", b"\n", b"\r", b"\x00", b"\x1f", b"\x7f", b"\x0b", b"\xc2\xa0"],
    *[b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\xe2\x80\xa8", b"\xef\xbf\xbd", b"\xef\xbb\xbf", b"\x80"],
]


def texts(seed, count, originals):
    """Half of them damaged originals, half made of tokens in no order."""
    source = random.Random(seed)
    for index in range(count):
        if index % 2:
            yield b"".join(source.choice(TOKENS) for _ in range(source.randrange(1, 7)))
        else:
            yield damaged(source, bytearray(source.choice(originals)))


def damaged(source, data):
    for _ in range(source.choice([1, 1, 2, 3])):
        at = source.randrange(len(data) + 1)
        act = source.randrange(5)
        if act == 0 and at < len(data):
            data[at] = source.randrange(256)
        elif act == 1 and at < len(data):
            del data[at]
        elif act == 2 and source.random() < 0.3:
            del data[at:]
        elif act == 3:
            data[at:at] = data[at : at + source.randrange(20)]
        else:
            data[at:at] = source.choice(TOKENS)
    return bytes(data)
