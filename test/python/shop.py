"""Classes of the Flask app's own, which Node has never heard of; importable by the apps and by the judge."""

import collections
import dataclasses
import enum


class Basket:
    """An instance with state."""

    def __init__(self, owner, lines):
        self.owner = owner
        self.lines = lines


class Colour(enum.Enum):
    """Pickled as a call of the class."""

    RED = 1
    BLUE = 2


@dataclasses.dataclass
class Line:
    """Pickled as an instance with state."""

    name: str
    price: float


Point = collections.namedtuple("Point", ["x", "y"])
