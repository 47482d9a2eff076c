"""What a format itself makes of a session: listed, and no fault of Node's."""

import datetime

from canonical import LEAVES, canonical

#: Types whose == sees everything.
PLAIN = {type(None), bool, int, str, bytes}
#: Types that hold nothing, or nothing but a zone.
SIMPLE = {*LEAVES, datetime.datetime, datetime.time, bytearray}


def lost(before, after):
    """A line for each value that comes back as another: "tuple -> list". `after` is what the format makes of `before`."""
    found, met = [], set()
    pairs = [(before, after)]
    for one, other in pairs:
        if one is other or (id(one), id(other)) in met:
            continue
        met.add((id(one), id(other)))
        line = _line(one, other)
        if line is not None:
            found.append(line)
        if len(_parts(one)) == len(_parts(other)):
            pairs.extend(zip(_parts(one), _parts(other)))
    return found


def _line(one, other):
    name = type(one).__name__
    if type(one) is not type(other):
        return "%s -> %s" % (name, type(other).__name__)
    if len(_parts(one)) != len(_parts(other)):
        return "%s with other parts" % name
    if type(one) not in SIMPLE or type(one) in PLAIN and one == other:
        return None
    return None if canonical(one) == canonical(other) else "%s of another value" % name


def _parts(value):
    """What lies in a value, in order; nothing where there is no order."""
    if isinstance(value, dict):
        return [part for pair in dict.items(value) for part in pair]
    if isinstance(value, (list, tuple)):
        return list(value)
    return list(value.__dict__.values()) if type(value).__module__ == "unknown_classes" and hasattr(value, "__dict__") else []
