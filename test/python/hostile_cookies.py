"""Cookies that nobody should send, most of them signed with the right key, and what Flask makes of each."""

import base64
import sys
import time
import zlib
from unittest import mock

from flask import Flask, session
from itsdangerous import Signer
from itsdangerous.encoding import base64_encode, int_to_bytes

from canonical import canonical

KEY = "a key of sixteen bytes"
LIFETIME = 3600
NOW = 1760000000
EPOCH_2011 = 1293840000

app = Flask("hostile")
app.config.update(SECRET_KEY=KEY, PERMANENT_SESSION_LIFETIME=LIFETIME)
app.logger.disabled = True
signer = Signer(KEY, salt="cookie-session", key_derivation="hmac")


@app.route("/")
def view():
    app.found = dict(session)
    return ""


def stamp(seconds):
    return base64_encode(int_to_bytes(int(seconds)))


def signed(payload, stamped=None):
    """A token around bytes that stand before the timestamp as they are."""
    return signer.sign(payload + b"." + (stamp(NOW) if stamped is None else stamped)).decode("latin-1")


def json_token(text, **options):
    return signed(base64_encode(text.encode("utf-8", "surrogatepass")), **options)


def zipped(data):
    return b"." + base64_encode(zlib.compress(data))


def twin(token):
    """The same bytes, to a decoder that does not look at the last bits."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) ^ 1]


def nested(levels, opening="[", closing="]"):
    return json_token('{"a":%s1%s}' % (opening * levels, closing * levels))


def tokens():
    good = json_token('{"a":1}')
    body, moment, signature = good.split(".")
    bomb = zipped(b'{"a":"' + b"a" * 5_000_000 + b'"}')
    jwt = "eyJhbGciOiJIUzI1NiJ9." + body + "." + signature
    return {
        # 1: no token, or none that was signed
        "empty": "", "dots": "...", "one dot": ".", "one part": body, "two parts": body + "." + signature, "cut": good[:-1], "wrong signature": body + "." + moment + "." + "A" * 27,
        "no signature": body + "." + moment + ".", "a JWT": jwt, "an id of express-session": "s:" + good, "signed for CSRF": Signer(KEY, salt="wtf-csrf-token", key_derivation="hmac").sign(body + "." + moment).decode(),
        # 2: bombs
        "unsigned bomb": bomb.decode() + "." + moment + "." + signature, "signed bomb": signed(bomb), "100 KB": good + "A" * 100_000,
        # 3: timestamps
        "1 s ahead": json_token('{"a":1}', stamped=stamp(NOW + 1)), "10 years ahead": json_token('{"a":1}', stamped=stamp(NOW + 315360000)), "no timestamp": signer.sign(body).decode(),
        "empty timestamp": json_token('{"a":1}', stamped=b""), "20 bytes of timestamp": json_token('{"a":1}', stamped=base64_encode(b"\xff" * 20)), "no base64 as timestamp": json_token('{"a":1}', stamped=b"!"),
        "epoch of 2011": json_token('{"a":1}', stamped=stamp(NOW - EPOCH_2011)), "too old": json_token('{"a":1}', stamped=stamp(NOW - LIFETIME - 10)),
        # 4: signed, and no session
        "a list": json_token("[1]"), "a string": json_token('"x"'), "a number": json_token("5"), "null": json_token("null"), "no JSON": json_token("hello"), "an empty payload": signed(b""),
        "bad UTF-8": signed(base64_encode(b'{"a":"\xff"}')), "bad zlib": signed(b"." + base64_encode(b"not deflated")), "cut zlib": signed(zipped(b'{"a":1}')[:-6]), "base64 of one letter": signed(b"A"), "a byte order mark": json_token('\ufeff{"a":1}'),
        # 5: tags
        "UUID of zz": json_token('{"a":{" u":"zz"}}'), "tuple of 5": json_token('{"a":{" t":5}}'), "date of nope": json_token('{"a":{" d":"nope"}}'), "bytes of ***": json_token('{"a":{" b":"***"}}'),
        "an unknown tag": json_token('{"a":{" z":1}}'), "an escaped tag": json_token('{"a":{" di":{" t__":[1]}}}'), "all of it a tag": json_token('{" t":[1]}'), "all of it an escape": json_token('{" di":{" t__":[1]}}'),
        # 6: numbers
        "NaN": json_token('{"a":NaN,"b":Infinity,"c":-Infinity,"d":1e400,"e":-0.0}'), "2**63-1": json_token('{"a":9223372036854775807,"b":1.0}'), "4,301 digits": json_token('{"a":%s}' % ("9" * 4301)),
        # 7: keys
        "names of objects": json_token('{"__proto__":{"x":1},"constructor":{"prototype":1},"toString":2,"hasOwnProperty":3}'), "twins": json_token('{"a":1,"b":2,"a":3}'), "a lone surrogate": json_token('{"\\ud800":"\\udfff"}'),
        # 8: depth
        "400 lists": nested(400), "480 lists": nested(480), "489 dicts": nested(488, '{"a":', "}"), "600 lists": nested(600), "50,000 lists": nested(50000),
        # 10: base64
        "padding": signed(base64.urlsafe_b64encode(b'{"a":12}')), "twin": twin(good), "quotes": '"' + good + '"', "standard alphabet": signed(base64.b64encode(b'{"a":"\xc3\xbf\xc3\xbf?>"}').rstrip(b"=")),
    }


def headers():
    made = {name: "session=" + token for name, token in tokens().items()}
    good, bad = made["padding"], made["wrong signature"]
    # 9: twice
    return dict(made, **{"bad, good": bad + "; " + good, "good, bad": good + "; " + bad})


def answer(header):
    """The status, and the session where there is one, at the instant NOW and with the recursion that Python allows by itself."""
    app.found = None
    allowed = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    try:
        with mock.patch.object(time, "time", lambda: NOW):
            response = app.test_client(use_cookies=False).get("/", headers={"Cookie": header})
    finally:
        sys.setrecursionlimit(allowed)
    return response.status_code, app.found


def all_told():
    """Each cookie by name, and what Flask makes of it; no session: it failed."""
    return {name: told(header) for name, header in headers().items()}


def told(header):
    status, session = answer(header)
    return {"header": header, "status": status, "session": None if session is None else canonical(session)}


def without_node(headers):
    """Sessions that Node has put its key into, without the key; no session: Flask failed, or the key is not there."""
    sessions = {name: answer(header)[1] for name, header in headers.items()}
    return {name: canonical(session) if session and session.pop("node", None) == 1 else None for name, session in sessions.items()}
