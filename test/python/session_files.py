"""Session files, in the layout of the cachelib that is installed: up to 0.6 a pickled expiry, since then four bytes."""

import os
import pickle
import struct
from importlib import metadata

VERSION = tuple(int(part) for part in metadata.version("cachelib").split(".")[:2])
COUNT_FILES = ("2029240f6d1128be89ddc32729463129", "79bc207ee04a581ab2348ca1f3494e64cd0ec36128735b8c6bc85ddd8fe1938c")


def names(directory):
    """Session files alone: not the count file, nor what is being written."""
    return [name for name in os.listdir(directory) if name not in COUNT_FILES and not name.endswith(".__wz_cache")]


def read(directory, name):
    """Expiry in seconds since 1970, and the record."""
    with open(os.path.join(directory, name), "rb") as file:
        expiry = pickle.load(file) if VERSION < (0, 7) else struct.unpack("I", file.read(4))[0]
        return expiry, file.read()


def write(directory, name, expiry, record):
    """Puts a file in the place of another, in one step."""
    if VERSION < (0, 7):
        header = pickle.dumps(expiry, 1 if VERSION < (0, 5) else pickle.HIGHEST_PROTOCOL)
    else:
        header = struct.pack("I", expiry)
    path = os.path.join(directory, name)
    with open(path + ".__wz_cache", "wb") as file:
        file.write(header + record)
    os.replace(path + ".__wz_cache", path)
