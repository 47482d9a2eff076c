"""What Flask-Session does at the end of a request, cell by cell: configuration x what the visitor brought x what the view does."""

import itertools
import re
import time
from email.utils import parsedate_to_datetime

import redis
from flask import Flask, session
from flask_session import Session
from itsdangerous import Signer

SID = "S" * 43
PREFIX = "F:"
LIFETIME = 3600
LEFT = 1000


def views(app):
    """Each view is what the Node side of the test does under the same name."""

    def nested():
        if "cart" in session:
            session["cart"].append(1)

    def nestedmod():
        nested()
        if "cart" in session:
            session.modified = True

    def popall():
        for key in ("u", "price", "cart"):
            session.pop(key, None)

    def clearset():
        session.clear()
        session["z"] = 1

    def setpop():
        session["q"] = 1
        session.pop("q")

    def regenset():
        app.session_interface.regenerate(session)
        session["u"] = "c"

    return {
        "none": lambda: None,
        "in": lambda: "u" in session,
        "getmiss": lambda: session.get("nope"),
        "read": lambda: session.get("u"),
        "set": lambda: session.__setitem__("u", "b"),
        "setsame": lambda: session.__setitem__("u", "a"),
        "new": lambda: session.__setitem__("x", 1),
        "nested": nested,
        "nestedmod": nestedmod,
        "popall": popall,
        "clear": lambda: session.clear(),
        "clearset": clearset,
        "permT": lambda: setattr(session, "permanent", True),
        "permF": lambda: setattr(session, "permanent", False),
        "setpop": setpop,
        "regen": lambda: app.session_interface.regenerate(session),
        "regenset": regenset,
    }


def make(client, signer, refresh, permanent):
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY="k",
        SESSION_TYPE="redis",
        SESSION_REDIS=client,
        PERMANENT_SESSION_LIFETIME=LIFETIME,
        SESSION_KEY_PREFIX=PREFIX,
        SESSION_USE_SIGNER=signer,
        SESSION_REFRESH_EACH_REQUEST=refresh,
        SESSION_PERMANENT=permanent,
    )
    Session(app)
    acts = views(app)

    @app.get("/<act>")
    def run(act):
        return repr(acts[act]())

    return app


def cookie_of(start, signer):
    if start == "nocookie":
        return None
    if start == "badsig":
        return SID + ".AAAA" if signer else "../x y"
    return sign(SID) if signer else SID


def sign(sid):
    return Signer("k", salt="flask-session", key_derivation="hmac").sign(sid).decode()


def told(line, signer):
    """A Set-Cookie with what differs from run to run replaced."""

    def value(match):
        text = match.group(1)
        if text == "":
            return "session="
        sid = text.rpartition(".")[0] if signer else text
        assert not signer or sign(sid) == text
        return "session=<%s>" % ("same" if sid == SID else "new")

    def expires(match):
        left = parsedate_to_datetime(match.group(1)).timestamp() - time.time()
        return "Expires=%s" % ("0" if left < 0 else "+%dm" % round(left / 60))

    return re.sub("Expires=([^;]*)", expires, re.sub("session=([^;]*)", value, line))


def records(client):
    rows = []
    for key in client.keys(PREFIX + "*"):
        renewed = "renewed" if client.ttl(key) > LEFT else "old"
        rows.append("%s %s %s" % ("same" if key.decode() == PREFIX + SID else "new", renewed, client.get(key).hex()))
    return sorted(rows)


def run(port, starts, acts):
    """`starts`: name -> hex of the record, or null for none."""
    client = redis.Redis(port=port)
    cells = {}
    for signer, refresh, permanent in itertools.product((False, True), repeat=3):
        app = make(client, signer, refresh, permanent)
        for start, act in itertools.product(starts, acts):
            client.flushdb()
            if starts[start] is not None:
                client.set(PREFIX + SID, bytes.fromhex(starts[start]), ex=LEFT)
            cookie = cookie_of(start, signer)
            # No client of Flask's own: its cookie jar would quote and drop.
            response = app.test_client(use_cookies=False).get(
                "/" + act, headers={} if cookie is None else {"Cookie": "session=" + cookie}
            )
            name = "%d%d%d %s %s" % (signer, refresh, permanent, start, act)
            cells[name] = {
                "status": response.status_code,
                "cookies": [told(line, signer) for line in response.headers.getlist("Set-Cookie")],
                "vary": response.headers.get("Vary", ""),
                "records": records(client),
            }
    client.close()
    return cells
