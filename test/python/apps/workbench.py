"""An app whose requests do what a test says, in Python, and tell exactly what Python finds in the session.

POST /do takes a JSON list of steps, each a line of Python that sees `session`; the answer lists the repr of every
expression's value, and null for a statement. GET /types describes the session, key by key, in order.
"""

import collections
import datetime
import decimal
import json
import uuid
import zoneinfo

import serving
from canonical import canonical
from flask import Flask, current_app, flash, get_flashed_messages, request, session
from flask_session import Session
from markupsafe import Markup

import shop


def workbench(keys):
    """The app, configured with these keys."""
    app = Flask(__name__)
    app.config['SECRET_KEY'] = 'your-super-secret-key'
    app.config['SESSION_TYPE'] = 'redis'
    serving.configure(app, keys)
    Session(app)
    app.add_url_rule('/do', view_func=do, methods=['POST'])
    app.add_url_rule('/types', view_func=types)
    return app


def regenerate():
    """Flask-Session >= 0.7 only."""
    current_app.session_interface.regenerate(session)


NAMES = {
    'session': session,
    'request': request,
    'regenerate': regenerate,
    'flash': flash,
    'get_flashed_messages': get_flashed_messages,
    'collections': collections,
    'datetime': datetime,
    'decimal': decimal,
    'uuid': uuid,
    'zoneinfo': zoneinfo,
    'Markup': Markup,
    'shop': shop,
}


def step(source, names):
    try:
        code = compile(source, '<step>', 'eval')
    except SyntaxError:
        exec(compile(source, '<step>', 'exec'), names)
        return None
    return repr(eval(code, names))


def do():
    names = dict(NAMES)
    return json.dumps([step(source, names) for source in request.get_json()])


def types():
    return json.dumps([describe(key, value) for key, value in session.items()])


def describe(key, value):
    kind = type(value)
    return {
        'key': key if type(key) is str else repr(key),
        'type': kind.__qualname__ if kind.__module__ == 'builtins' else '%s.%s' % (kind.__module__, kind.__qualname__),
        'repr': repr(value),
        'canonical': canonical(value),
    }


if __name__ == '__main__':
    serving.serve(workbench(serving.argument()))
