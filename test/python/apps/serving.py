"""What the apps share: their configuration from the command line, their port chosen by the system.

The one argument is a JSON object of Flask's own keys. JSON has no clients and no timedelta, so SESSION_REDIS and
SESSION_MONGODB are URLs there, SESSION_DYNAMODB is what Node takes, SESSION_MEMCACHED the name of a client and its server,
SESSION_CACHELIB a cache's class and its arguments, and a lifetime is seconds or an object of timedelta's arguments.
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


def memcached(client, server):
    """A client of memcached, by the name that its users know it by."""
    if client == 'pylibmc':
        import pylibmc

        return pylibmc.Client([server])
    if client == 'python-memcached':
        import memcache

        return memcache.Client([server])
    import pymemcache

    # By its default it sends without waiting, and what follows a deletion lies up to 40 ms in the socket (Nagle's
    # algorithm, a delayed acknowledgement): the next request does not find the session yet, on either side.
    serde = None if client == 'pymemcache' else getattr(pymemcache.serde, client)
    return pymemcache.Client(server, serde=serde, default_noreply=False)


def cache(name, client=None, **arguments):
    """A cache of cachelib's; its client is a URL of Redis or what `memcached` takes."""
    import cachelib

    if isinstance(client, str):
        client = redis.from_url(client)
    elif client is not None:
        client = memcached(**client)
    return getattr(cachelib, name)(*([] if client is None else [client]), **arguments)


def dynamodb(endpoint, region, credentials):
    """A resource of boto3, by what the AWS SDK of Node takes."""
    import boto3

    keys = {
        "aws_access_key_id": credentials["accessKeyId"],
        "aws_secret_access_key": credentials["secretAccessKey"],
    }
    return boto3.resource("dynamodb", endpoint_url=endpoint, region_name=region, **keys)


def argument():
    """The command line's object."""
    return json.loads(sys.argv[1] if len(sys.argv) > 1 else "{}")


def configure(app, keys=None):
    """Puts keys, those of the command line if no others are given, over what the app has configured so far."""
    for key, value in (argument() if keys is None else keys).items():
        if key == "SESSION_REDIS":
            value = redis.from_url(value)
        if key == "SESSION_MEMCACHED":
            value = memcached(**value)
        if key == "SESSION_MONGODB":
            from pymongo import MongoClient

            value = MongoClient(value)
        if key == "SESSION_DYNAMODB":
            value = dynamodb(**value)
        if key == "SESSION_CACHELIB":
            value = cache(**value)
        if key == "PERMANENT_SESSION_LIFETIME" and isinstance(value, dict):
            value = datetime.timedelta(**value)
        app.config[key] = value


def serve(app):
    """Serves until the process is killed; says on which port in one line."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    print("serving on port %d" % server.port, flush=True)
    server.serve_forever()
