"""What the Node side of the round trip asks: sessions, a verdict on what came back, smaller sessions, an explanation."""

import collections

from canonical import canonical, described

from . import changes
from .formats import format_of
from .generator import session
from .losses import lost
from .smaller import smaller as smaller_sessions


def make(reading, writing, seed, first, count):
    """Sessions by their numbers, in hexadecimal. Those that Python itself cannot write and read are left out."""
    carrier = reading.split()[0]
    reading, writing = format_of(reading), format_of(writing)
    made, losses = [], collections.Counter()
    for index in range(first, first + count):
        before = session(seed, index, carrier)
        try:
            data = reading.dumps(before)
            after = _written(reading.loads(data), reading, writing)
        except Exception:
            continue
        losses.update(lost(before, after))
        made.append([index, data.hex()])
    return {"sessions": made, "losses": losses}


def judge(reading, writing, cases):
    """For each [bytes that Python wrote, change, bytes that Node wrote]: values that Python found, None if others than it should."""
    return [_values(format_of(reading), format_of(writing), *case) for case in cases]


def _values(reading, writing, before, change, after):
    try:
        form, values = described(_found(writing, after))
        return values if form == canonical(_wanted(reading, writing, before, change)) else None
    except Exception:
        return None


def _found(writing, after):
    return writing.loads(bytes.fromhex(after))


def _wanted(reading, writing, before, change):
    made = reading.loads(bytes.fromhex(before))
    changes.apply(made, change)
    return _written(made, reading, writing)


def _written(session, reading, writing):
    """What is left of it in another format, when Python writes it."""
    return session if writing is reading else writing.loads(writing.dumps(session))


def smaller(reading, data):
    return [made.hex() for made in smaller_sessions(format_of(reading), bytes.fromhex(data))]


def explain(reading, writing, before, change, after):
    """What was, what should be and what is, as Python shows it, and the last two in canonical form."""
    reading, writing = format_of(reading), format_of(writing)
    wanted = _outcome(_wanted, reading, writing, before, change)
    found = _outcome(_found, writing, after)
    return {
        "session": repr(reading.loads(bytes.fromhex(before))),
        "wanted": repr(wanted),
        "found": repr(found),
        "wantedForm": canonical(wanted),
        "foundForm": canonical(found),
    }


def _outcome(function, *args):
    try:
        return function(*args)
    except Exception as error:
        return error
