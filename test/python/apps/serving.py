"""What the apps share: their configuration from the command line, their port chosen by the system.

The one argument is a JSON object of Flask's own keys. JSON has no clients and no timedelta, so SESSION_REDIS is a URL
there, and a lifetime is seconds or an object of timedelta's arguments.
"""

import datetime
import json
import logging
import os
import sys

import redis
from werkzeug.serving import make_server

# canonical.py and shop.py, which the apps and the judge of the tests share.
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))


def argument():
    """The command line's object."""
    return json.loads(sys.argv[1] if len(sys.argv) > 1 else "{}")


def configure(app, keys=None):
    """Puts keys, those of the command line if no others are given, over what the app has configured so far."""
    for key, value in (argument() if keys is None else keys).items():
        if key == "SESSION_REDIS":
            value = redis.from_url(value)
        if key == "PERMANENT_SESSION_LIFETIME" and isinstance(value, dict):
            value = datetime.timedelta(**value)
        app.config[key] = value


def serve(app):
    """Serves until the process is killed; says on which port in one line."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    print("serving on port %d" % server.port, flush=True)
    server.serve_forever()
