"""What Flask's own cookie session does at the end of a request, cell by cell: refresh x what the visitor brought x what the view does."""

import re
import time
from email.utils import parsedate_to_datetime
from unittest import mock

from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface

from rows import views

KEY = "a key of sixteen bytes"
LIFETIME = 3600
LEFT_OUT = ("regen", "regenset")


def make(refresh, **config):
    app = Flask(__name__)
    app.config.update(SECRET_KEY=KEY, PERMANENT_SESSION_LIFETIME=LIFETIME, SESSION_REFRESH_EACH_REQUEST=refresh, **config)
    acts = {name: act for name, act in views(app).items() if name not in LEFT_OUT}

    @app.route("/<act>")
    def run(act):
        return repr(acts[act]())

    return app, list(acts)


def signing(app):
    return SecureCookieSessionInterface().get_signing_serializer(app)


def contents():
    """In the order in which Flask writes keys, so that Node keeps it."""
    body = {"cart": [1, 2.0], "price": 10.0, "seat": ("B", 12), "u": "a"}
    return {"plain": body, "perm": dict(_permanent=True, **body), "permfalse": dict(_permanent=False, **body), "onlyperm": {"_permanent": True}}


def starts(app):
    """Cookies by what they are."""
    serializer = signing(app)
    made = {name: serializer.dumps(value) for name, value in contents().items()}
    with mock.patch.object(time, "time", lambda now=time.time(): now - LIFETIME - 10):
        made["expired"] = serializer.dumps(contents()["perm"])
    made["badsig"] = made["perm"][:-4] + "AAAA"
    made["garbage"] = "no.token.at.all"
    return dict({name: as_text(token) for name, token in made.items()}, nocookie=None)


def as_text(token):
    return token if type(token) is str else token.decode("latin-1")


def told(app, line):
    """A Set-Cookie with its contents as Flask reads them, and its Expires by what is left."""

    def value(match):
        text = match.group(1)
        return "session=" + (text and "<%r>" % sorted(signing(app).loads(text, max_age=LIFETIME).items()))

    def expires(match):
        left = parsedate_to_datetime(match.group(1).replace("-", " ")).timestamp() - time.time()
        return "Expires=%s" % ("0" if left < 0 else "+%dm" % round(left / 60))

    return re.sub("Expires=([^;]*)", expires, re.sub("session=([^;]*)", value, line))


def cell(app, cookie, act):
    client = app.test_client(use_cookies=False)
    response = client.get("/" + act, headers={} if cookie is None else {"Cookie": "session=" + cookie})
    cookies = [told(app, line) for line in response.headers.getlist("Set-Cookie")]
    return {"status": response.status_code, "cookies": cookies, "vary": response.headers.get("Vary", "")}


def run(config):
    cells, brought = {}, {}
    for refresh in (True, False):
        app, acts = make(refresh, **config)
        brought = brought or starts(app)
        for start, cookie in brought.items():
            for act in acts:
                cells["%d %s %s" % (refresh, start, act)] = cell(app, cookie, act)
    return {"cells": cells, "starts": brought, "key": KEY, "lifetime": LIFETIME}


def tell(config, cells):
    """What Node sent, told as Flask's cells are."""
    app, _ = make(True, **config)
    return {name: dict(cell, cookies=[told(app, line) for line in cell["cookies"]]) for name, cell in cells.items()}
