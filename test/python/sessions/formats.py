"""Sessions into bytes and back, as Flask-Session and cachelib do it."""

import contextlib
import pickle
import sys

#: Frames within which every honest session is written; some cycles have no end.
MOST_FRAMES = 2000


class Pickle:
    """A protocol, written by the pickler in C or by the one in Python."""

    def __init__(self, protocol, pickler):
        self.protocol = protocol
        self.write = {"C": pickle.dumps, "Python": pickle._dumps}[pickler]

    def dumps(self, session):
        with few_frames():
            return self.write(session, self.protocol)

    def loads(self, data):
        with few_frames():
            return pickle.loads(data)


class Msgspec:
    """Flask-Session's own serializer. Reading tries the other formats too, so that a record of the wrong one shows."""

    def __init__(self, name):
        import flask
        from flask_session.base import MsgSpecSerializer

        self.serializer = MsgSpecSerializer(flask.Flask("sessions"), name)
        self.serializer.app.logger.disabled = True

    def dumps(self, session):
        return self.serializer.encode(session)

    def loads(self, data):
        return self.serializer.decoder.decode(data)


def format_of(text):
    """ "pickle 4 C", "pickle 0 Python", "msgpack", "json"."""
    if text not in _formats:
        name, *options = text.split()
        _formats[text] = Pickle(int(options[0]), options[1]) if name == "pickle" else Msgspec(name)
    return _formats[text]


_formats = {}


@contextlib.contextmanager
def few_frames():
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(MOST_FRAMES)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
