"""An app that many sessions visit, twice each, while one request of a test lasts.

POST /visits takes a JSON list of visitors: a sid, the session that Python would have as an expression, and statements that
Node's change is the same as. Each visitor sends two requests of its own through the whole app. The first says whether
the session is, to Python, what was said; the second gives the session in a pickle, as Flask has saved and read it.
POST /records takes expressions and gives each value in every format.
"""

import datetime
import decimal
import json
import pickle
import sys
import uuid
import zoneinfo

import serving
from canonical import canonical
from flask import Flask, request, session
from flask_session import Session
from markupsafe import Markup

app = Flask(__name__)
app.config['SECRET_KEY'] = 'your-super-secret-key'
app.config['SESSION_TYPE'] = 'redis'
serving.configure(app)
Session(app)

# Python's own. The comparison needs more, but what Flask does must not have it.
LIMIT = 1000

visitor = {}
failures = []
app.log_exception = lambda information: failures.append('%s: %s' % (information[0].__name__, information[1]))


def moment(millis):
    """An aware datetime in UTC."""
    return datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(milliseconds=millis)


def deep(levels):
    """Lists within lists."""
    value = 1
    for _ in range(levels):
        value = [value]
    return value


def unshared(value):
    """Containers anew wherever they are reached: formats without references cannot say that two are one."""
    kind = type(value)
    if kind in (list, tuple, set, frozenset):
        return kind(unshared(item) for item in value)
    return {unshared(key): unshared(item) for key, item in value.items()} if kind is dict else value


NAMES = {
    'datetime': datetime,
    'decimal': decimal,
    'uuid': uuid,
    'zoneinfo': zoneinfo,
    'Markup': Markup,
    'moment': moment,
    'deep': deep,
}


def wanted():
    value = eval(visitor['held'], dict(NAMES))
    exec(visitor['same'], dict(NAMES), {'s': value})
    return value if visitor['shares'] else unshared(value)


@app.route('/first')
def first():
    sys.setrecursionlimit(20000)
    try:
        found, expected = dict(session), wanted()
        different = canonical(found) != canonical(expected)
        session['visits'] = 1
        return json.dumps({'found': repr(found), 'wanted': repr(expected)} if different else None)
    finally:
        sys.setrecursionlimit(LIMIT)


@app.route('/second')
def second():
    return json.dumps(pickle.dumps(dict(session), 4).hex())


def visit(cookie):
    client = app.test_client(use_cookies=False)
    answers = []
    for path in ('/first', '/second'):
        response = client.get(path, headers={'Cookie': cookie})
        if response.status_code != 200:
            return {'failure': '%s: %s' % (path, ' / '.join(failures) or response.status)}
        answers.append(json.loads(response.get_data()))
    return {'different': answers[0], 'pickled': answers[1]}


@app.route('/visits', methods=['POST'])
def visits():
    answers = []
    for one in request.get_json():
        failures.clear()
        visitor.clear()
        visitor.update(one)
        answers.append(visit('session=' + one['sid']))
    return json.dumps(answers)


@app.route('/records', methods=['POST'])
def records():
    import msgspec  # Flask-Session 0.5 comes without

    values = [eval(expression, dict(NAMES)) for expression in request.get_json()]
    return json.dumps(
        [
            {
                'pickle': pickle.dumps(value, 4).hex(),
                'msgpack': encoded(msgspec.msgpack, value),
                'json': encoded(msgspec.json, value),
            }
            for value in values
        ]
    )


def encoded(coder, value):
    try:
        return coder.encode(value).hex()
    except Exception:
        return None


sys.setrecursionlimit(LIMIT)
serving.serve(app)
