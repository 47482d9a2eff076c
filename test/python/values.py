"""Random values, the same for the same seed, and bytes that are nearly right."""

import datetime
import decimal
import random
import uuid
import zoneinfo

UTC = datetime.timezone.utc

# What each format of msgspec reads back in its own type, and all that a session can hold.
KINDS = {
    "json": "none bool int float text list dict".split(),
    "msgpack": "none bool int float text list dict bytes instant".split(),
    "all": "none bool int float text list dict bytes instant bytearray tuple set naive zoned day clock aware_clock delta decimal uuid".split(),
}


def values(seed, count, kinds):
    """`kinds`: "json", "msgpack" or "all"."""
    maker = Maker(seed, kinds)
    return [maker.value(3) for _ in range(count)]


def mutations(seed, count, originals):
    """Bytes of which one to three are changed, cut, doubled or put in."""
    source = random.Random(seed)
    for _ in range(count):
        data = bytearray(source.choice(originals))
        for _ in range(source.choice([1, 1, 2, 3])):
            at = source.randrange(len(data) + 1)
            act = source.randrange(4)
            if act == 0 and at < len(data):
                data[at] = source.randrange(256)
            elif act == 1:
                del data[at:]
            elif act == 2:
                data.insert(at, source.randrange(256))
            else:
                data += data[at:]
        yield bytes(data)


def noise(seed, count):
    """Short random bytes; the first mostly opens a container or has a length."""
    source = random.Random(seed)
    for _ in range(count):
        head = source.choice([b"", bytes([source.randrange(0x80, 0x9A)]), bytes([source.randrange(0xC0, 0xE0)])])
        yield head + bytes(source.choice([0, 1, 2, 255, source.randrange(256)]) for _ in range(source.randrange(12)))


class Maker:
    def __init__(self, seed, kinds):
        self.source = random.Random(seed)
        self.kinds = KINDS[kinds]
        self.leaves = [kind for kind in self.kinds if kind not in ("list", "dict", "tuple", "set")]

    def value(self, depth):
        kinds = self.kinds + ["list", "dict", "dict"] if depth > 0 else self.leaves
        return getattr(self, self.source.choice(kinds))(depth)

    def none(self, depth):
        return None

    def bool(self, depth):
        return self.source.random() < 0.5

    def int(self, depth):
        bits = self.source.choice([1, 4, 7, 8, 15, 16, 31, 32, 33, 53, 54, 63])
        value = self.source.getrandbits(bits) * self.source.choice([1, -1])
        return value * 2**70 if "bytes" not in self.kinds and self.source.random() < 0.1 else value

    def float(self, depth):
        size = 10.0 ** self.source.randrange(-20, 24)
        known = [0.0, -0.0, 1.0, 10.0, 1.5, 5e-324, 1.7976931348623157e308]
        return self.source.choice(known + [self.source.random(), self.source.uniform(-size, size), round(self.source.random(), 2), size])

    def text(self, depth):
        alphabet = self.source.choice(["abc_", "é€😀\x00\x7f\"\\\n\u2028", "0123456789"])
        return "".join(self.source.choice(alphabet) for _ in range(self.source.choice([0, 1, 3, 15, 31, 32, 33, 300])))

    def bytes(self, depth):
        return self.source.randbytes(self.source.choice([0, 1, 2, 3, 20, 300]))

    def bytearray(self, depth):
        return bytearray(self.bytes(depth))

    def naive(self, depth):
        micros = self.source.choice([0, 1, 500000, 999999])
        return datetime.datetime(1, 1, 2) + datetime.timedelta(seconds=self.source.randrange(315537700000), microseconds=micros)

    def instant(self, depth):
        return self.naive(depth).replace(tzinfo=UTC)

    def zoned(self, depth):
        zones = [zoneinfo.ZoneInfo("Europe/Paris"), zoneinfo.ZoneInfo("America/New_York"), self.offset()]
        return self.naive(depth).replace(year=self.source.randrange(1972, 2037), day=1, tzinfo=self.source.choice(zones), fold=self.source.randrange(2))

    def offset(self):
        seconds = self.source.choice([1, 60, 1800]) * self.source.randrange(-47, 48)
        return datetime.timezone(datetime.timedelta(seconds=seconds, microseconds=self.source.choice([0, 0, 0, 7])))

    def day(self, depth):
        return self.naive(depth).date()

    def clock(self, depth):
        return self.naive(depth).time()

    def aware_clock(self, depth):
        return self.clock(depth).replace(tzinfo=self.offset())

    def delta(self, depth):
        days = self.source.choice([0, 0, 1, -1, self.source.randrange(-99999, 99999)])
        seconds = self.source.choice([0, 1, self.source.randrange(86400)])
        return datetime.timedelta(days, seconds, self.source.choice([0, 0, 1, 500000, 999999]))

    def decimal(self, depth):
        return decimal.Decimal(self.int(depth)).scaleb(self.source.randrange(-20, 20))

    def uuid(self, depth):
        return uuid.UUID(int=self.source.getrandbits(128))

    def list(self, depth):
        return [self.value(depth - 1) for _ in range(self.source.choice([0, 1, 2, 5, 16, 17]))]

    def tuple(self, depth):
        return tuple(self.list(depth - 1)) if depth > 0 else ()

    def set(self, depth):
        # One member: the order of more is nobody's promise.
        return self.source.choice([set, frozenset])([self.text(depth)])

    def dict(self, depth):
        return {self.key(): self.value(depth - 1) for _ in range(self.source.choice([0, 1, 2, 5, 16, 17]))}

    def key(self):
        if "bytes" not in self.kinds or self.source.random() < 0.7:
            return self.text(0)
        kinds = ["int", "float", "none", "bool", "bytes", "instant"]
        if self.source.random() < 0.2:
            return tuple(getattr(self, self.source.choice(kinds))(0) for _ in range(3))
        return getattr(self, self.source.choice(kinds))(0)
