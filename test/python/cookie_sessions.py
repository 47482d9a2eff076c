"""Random sessions for Flask's own cookie, and what a Flask reads of them with and without Node in between.

Runs under every Flask from 0.12 on. The same seed and number make the same session in each.
"""

import collections
import datetime
import decimal
import random
import struct
import uuid

from canonical import canonical
from flask import Flask
from markupsafe import Markup

KEY = "a key of sixteen bytes"
UTC = datetime.timezone.utc

Point = collections.namedtuple("Point", "x y")

KEYS = (
    "user_id cart _flashes _permanent _fresh _id csrf_token a b c 10 2 01 __proto__ constructor toString hasOwnProperty"
    " sid save clear permanent new then".split()
    + ["", " ", " t", " b", " m", " u", " d", " di", " t__", " di__", " zz", "a.b", 'q"\\', "\x00", "\u00e9", "\u20ac", "\uffff"]
    + ["\U0001f600", "\ud800", "\udc00x", "\u2028"]
)
TAGS = [" t", " b", " m", " u", " d", " di"]
ALPHABETS = ["abcdefgh ", "\u00e9\u00fc\u00df\u20ac\u4e2d", "\U0001f600\U0001f680\U00010000\U0010ffff", '"\\/<>&\'', "".join(map(chr, range(32))) + "\x7f\u2028\ufeff"]


class Maker:
    """Values by kind. Every method is one, and takes the levels that may lie below it."""

    LEAVES = "none true int big float text planes surrogates bytes naive aware offset micros early markup uuid date decimal".split()
    CONTAINERS = "list tuple dict named ordered numbered tagged".split()

    def __init__(self, rng):
        self.rng = rng

    def value(self, levels=3):
        kinds = self.LEAVES if levels == 0 or self.rng.random() < 0.6 else self.CONTAINERS
        return getattr(self, self.rng.choice(kinds))(levels - 1)

    def items(self, levels):
        return [self.value(max(levels, 0)) for _ in range(self.rng.randrange(4))]

    def key(self):
        return self.rng.choice(KEYS) if self.rng.random() < 0.7 else self.text(0)[:20]

    def none(self, levels):
        return None

    def true(self, levels):
        return self.rng.random() < 0.5

    def int(self, levels):
        return self.rng.choice([0, 1, -1, 10, 2**31, 2**53 - 1, 2**53, -(2**53), 2**63, self.rng.randrange(-(10**6), 10**6)])

    def big(self, levels):
        return self.rng.getrandbits(self.rng.choice([65, 200, 2000, 14000])) * self.rng.choice([1, -1])

    def float(self, levels):
        bits = struct.unpack(">d", struct.pack(">Q", self.rng.getrandbits(64)))[0]
        known = [0.0, -0.0, 1.0, 10.0, 1e15, 1e16, 1e22, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308, float("inf"), float("-inf"), float("nan")]
        return self.rng.choice(known + [bits if bits == bits else 0.1, round(self.rng.uniform(-1000, 1000), 2), self.rng.random()])

    def text(self, levels):
        alphabet = self.rng.choice(ALPHABETS[:2] + ALPHABETS[3:])
        return "".join(self.rng.choice(alphabet) for _ in range(self.rng.randrange(12)))

    def planes(self, levels):
        return "".join(chr(self.rng.choice([self.rng.randrange(0xD800), self.rng.randrange(0xE000, 0x110000)])) for _ in range(self.rng.randrange(8)))

    def surrogates(self, levels):
        return "".join(chr(self.rng.choice([0x61, 0x1F600, 0xD800, 0xDBFF, 0xDC00, 0xDFFF])) for _ in range(self.rng.randrange(6)))

    def bytes(self, levels):
        return bytes(self.rng.getrandbits(8) for _ in range(self.rng.randrange(20)))

    def naive(self, levels):
        return datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=self.rng.randrange(-(10**10), 10**11))

    def aware(self, levels):
        return self.naive(levels).replace(tzinfo=UTC)

    def offset(self, levels):
        return self.naive(levels).replace(tzinfo=datetime.timezone(datetime.timedelta(minutes=self.rng.randrange(-720, 840))))

    def micros(self, levels):
        return self.aware(levels).replace(microsecond=self.rng.randrange(1, 10**6))

    def early(self, levels):
        return datetime.datetime(self.rng.choice([1, 9, 68, 99, 100, 999]), 1, 2, tzinfo=UTC)

    def markup(self, levels):
        return Markup("<b>%s</b>" % self.text(levels))

    def uuid(self, levels):
        return uuid.UUID(int=self.rng.choice([0, 2**128 - 1, self.rng.getrandbits(128)]))

    def date(self, levels):
        return datetime.date(2024, 2, self.rng.randrange(1, 30))

    def decimal(self, levels):
        return decimal.Decimal(self.rng.randrange(10000)) / 100

    def list(self, levels):
        return self.items(levels)

    def tuple(self, levels):
        return tuple(self.items(levels))

    def dict(self, levels):
        return {self.key(): self.value(max(levels, 0)) for _ in range(self.rng.randrange(5))}

    def named(self, levels):
        return Point(self.value(max(levels, 0)), 1)

    def ordered(self, levels):
        return collections.OrderedDict([("b", 1), ("a", self.value(max(levels, 0)))])

    def numbered(self, levels):
        return {number: self.value(max(levels, 0)) for number in range(self.rng.randrange(1, 4))}

    def tagged(self, levels):
        """A dict that looks like a tag, perhaps with another in it."""
        inner = self.tagged(levels - 1) if levels > 0 and self.rng.random() < 0.5 else self.value(max(levels, 0))
        return {self.rng.choice(TAGS + [" t__", " di__", " zz"]): inner}

    def deep(self, levels):
        made = self.value(0)
        for _ in range(self.rng.randrange(20, 60)):
            made = self.rng.choice([lambda inner: [inner], lambda inner: (1, inner), lambda inner: {"in": inner}])(made)
        return made

    def long(self, levels):
        """Text that deflates well, or not at all."""
        unit = self.rng.choice(["a", "ab\u00e9", "%x" % self.rng.getrandbits(8000)])
        return unit * (3000 // len(unit))

    def session(self):
        made = {self.key(): self.value() for _ in range(self.rng.choice([1, 1, 2, 3, 4, 8]))}
        odd = self.rng.random()
        if odd < 0.1:
            made["odd"] = self.deep(0) if odd < 0.05 else self.long(0)
        if self.rng.random() < 0.3:
            made["cart"] = [{"sku": "tea", "price": self.float(0), "qty": 1}]
        return made


def session_of(seed, number):
    return Maker(random.Random(seed * 1000003 + number)).session()


# What a request may do to a session, here and in Node; `key` is one that the session has.

ACTS = {
    "add": lambda session, key: session.update(node=["\u00e9\ud800", 7, 1.5, {"deep": True}]),
    "replace": lambda session, key: session.update({key: "changed"}),
    "remove": lambda session, key: session.pop(key),
    "nested": lambda session, key: session["cart"][0].update(qty=7, note="<\U0001f600>"),
    "refresh": lambda session, key: setattr(session, "permanent", True),
}


def act_on(session, act, key):
    ACTS[act](session, key)
    session.modified = True


def plan(number, session):
    """One act for each session, on a key that is there."""
    key = sorted(session)[number % len(session)]
    possible = [act for act in ACTS if act != "nested" or is_cart(session)]
    return possible[number % len(possible)], key


def is_cart(session):
    cart = session.get("cart")
    return isinstance(cart, list) and len(cart) == 1 and isinstance(cart[0], dict) and "sku" in cart[0]


class Site:
    """A Flask app whose session is its own cookie."""

    def __init__(self):
        self.app = Flask(__name__)
        self.app.config.update(SECRET_KEY=KEY, MAX_COOKIE_SIZE=0)
        self.interface = self.app.session_interface
        self.serializer = self.interface.get_signing_serializer(self.app)
        self.app.app_context().push()

    def opened(self, token):
        """What a request finds. Flask >= 3 fails at once where a payload is no dict, older ones somewhere later."""
        request = self.app.test_request_context(headers={"Cookie": "session=" + token} if token else {}).request
        return self.interface.session_class(dict(self.interface.open_session(self.app, request)))

    def saved(self, session):
        """The cookie's new value; empty where Flask deletes it."""
        response = self.app.response_class()
        session.modified = True
        self.interface.save_session(self.app, session, response)
        (line,) = response.headers.getlist("Set-Cookie") or ["session=;"]
        return line[len("session=") : line.index(";")]

    def through(self, value):
        """What becomes of a value in the cookie; raises where this Flask cannot write or read it."""
        return self.serializer.loads(self.serializer.dumps({"value": value}))["value"]


site = Site()
ESCAPES = site.serializer.loads(site.serializer.dumps({"a": {" t": [1]}})) == {"a": {" t": [1]}}


def made(seed, number):
    """A session that this Flask writes and reads, changed as planned too: its cookie and the plan."""
    values = session_of(seed, number)
    kept = site.interface.session_class({key: value for key, value in values.items() if is_kept(value)})
    try:
        return with_plan(number, kept)
    except Exception:
        # Nothing was kept, or the whole is a dict of one key that Flask 0.12 takes for a tag.
        return with_plan(number, site.interface.session_class({"replaced": number}))


def with_plan(number, session):
    token = site.saved(session)
    found = site.opened(token)
    if not found:
        raise ValueError("no session")
    act, key = plan(number, found)
    act_on(found, act, key)
    if found and not site.opened(site.saved(found)):
        raise ValueError("a session that this Flask writes and does not read")
    return {"token": token, "act": act, "key": key}


def is_kept(value):
    if not ESCAPES and has_odd_markup(value):
        return False
    try:
        site.through(value)
        return True
    except Exception:
        return False


def has_odd_markup(value):
    """Flask 0.12 reads {" m": [1]} as the Markup of a repr; to Node that is no session."""
    if isinstance(value, dict):
        content = value.get(" m", "")
        return isinstance(content, (list, tuple, dict, bytes, uuid.UUID, datetime.date)) or any(map(has_odd_markup, value.values()))
    return isinstance(value, (list, tuple)) and any(map(has_odd_markup, value))


def make(seed, first, count):
    return [made(seed, number) for number in range(first, first + count)]


def differing(plans, tokens):
    """Of sessions that Node has changed, those that this Flask reads otherwise than it would without Node.

    Where Node failed, there is its error in place of a token.
    """
    found = []
    for one, token in zip(plans, tokens):
        without = site.opened(one["token"])
        act_on(without, one["act"], one["key"])
        order = list(without)
        wanted = site.opened(site.saved(without))
        got = None if " " in token else site.opened(token)
        if got is None or canonical(by_key(dict(got))) != canonical(by_key(dict(wanted))) or list(got) != order:
            found.append({"act": one["act"], "wanted": repr(wanted), "found": token if got is None else repr(got)})
    return found


def by_key(value):
    """Flask sorts the keys of dicts when it writes, Node keeps their order."""
    if isinstance(value, dict):
        return {key: by_key(value[key]) for key in sorted(value)}
    return type(value)(by_key(item) for item in value) if type(value) in (list, tuple) else value


# Not the same to Python, though often equal.
SAMPLES = {
    "a namedtuple": [Point(1, 2)],
    "an OrderedDict": [collections.OrderedDict(a=1)],
    "keys that are no str": [{1: 2}],
    "a dict that looks like a tag": [{" t": [1]}, {" t": 1}, {" di": 1}, {" d": {" u": 1}}],
    "a set": [{1}],
    "a bytearray": [bytearray(b"x")],
    "a timedelta": [datetime.timedelta(1)],
    "a time": [datetime.time(1)],
}


def losses():
    """What this Flask's cookie itself makes of values, where it does not keep each of a kind: a line each."""
    leaves = {kind: [getattr(Maker(random.Random(number)), kind)(0) for number in range(40)] for kind in Maker.LEAVES}
    return ["%s: %s" % (kind, fate) for kind, values in dict(leaves, **SAMPLES).items() for fate in fates(values)]


def fates(values):
    """One of each way in which values are not kept."""
    found = {}
    for value in values:
        try:
            back = site.through(value)
        except Exception as error:
            found.setdefault("refused", "refused, %.60r: %s" % (value, type(error).__name__))
        else:
            if canonical(back) != canonical(value):
                found.setdefault("changed", "%.60r becomes %.60r" % (value, back))
    return found.values()
