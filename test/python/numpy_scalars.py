"""Scalars of numpy 1.x without numpy: what their pickles name, as classes that keep what they are given."""

import pickle
import struct
import sys
import types


class Dtype:
    def __init__(self, code, align, copy):
        self.code = code

    def __setstate__(self, state):
        self.order = state[1]


class Scalar:
    """What `numpy.core.multiarray.scalar` makes of a dtype and the bytes of one item."""

    NAMES = {"f8": "float64", "f4": "float32", "i8": "int64", "b1": "bool_"}
    FORMATS = {"f8": "<d", "f4": "<f", "i8": "<q", "b1": "?"}

    def __init__(self, kind, data):
        self.kind = kind
        self.data = data

    def __repr__(self):
        (value,) = struct.unpack(self.FORMATS[self.kind.code], self.data)
        return "numpy.%s %.8g, byte order %s" % (self.NAMES[self.kind.code], value, self.kind.order)


def loads(data):
    """The pickled value, in which numpy's scalars are ours."""
    numpy, core, multiarray = modules = [types.ModuleType(name) for name in MODULES]
    numpy.dtype = Dtype
    multiarray.scalar = Scalar
    sys.modules.update(zip(MODULES, modules))
    try:
        return pickle.loads(data)
    finally:
        for name in MODULES:
            del sys.modules[name]


def described(session):
    """Every key with the type and value of what stands under it, in order."""
    return [[key, repr(value) if type(value) is Scalar else "%s %r" % (type(value).__name__, value)] for key, value in session.items()]


MODULES = ("numpy", "numpy.core", "numpy.core.multiarray")
