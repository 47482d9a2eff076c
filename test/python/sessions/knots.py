"""Objects and containers that reach each other every way there is."""

import collections
import datetime

import unknown_classes as u
from werkzeug.datastructures import ImmutableMultiDict

from .hashing import is_hashable


def knot(rng):
    """A session of few nodes: first they are empty, then each holds some of the others."""
    count = iter(range(1, 1000)).__next__
    kinds = rng.sample(EMPTY, rng.randint(2, 5))  # a few, so that they meet
    nodes = [rng.choice(kinds)(count) for _ in range(rng.randint(2, 7))]
    for _ in range(rng.randint(1, 5)):
        nodes.append(_immutable(rng, nodes, count))
    for node in nodes:
        for _ in range(rng.randint(0, 3)):
            _fill(rng, node, rng.choice(nodes), count)
    # None holds the session: Flask makes its dict anew at every request.
    return {"k%d" % index: rng.choice(nodes) for index in range(rng.randint(1, 4))}


def tie(rng, nodes, count):
    """Puts one of the nodes into another that can hold it, itself among them."""
    _fill(rng, rng.choice(nodes), rng.choice(nodes), count)


def _immutable(rng, nodes, count):
    some = [rng.choice(nodes) for _ in range(rng.randint(1, 5))]
    return rng.choice(IMMUTABLE)(some, count)


def _fill(rng, node, other, count):
    if isinstance(node, ImmutableMultiDict):
        return
    if isinstance(node, (list, collections.deque)):
        node.append(other)
    elif isinstance(node, dict):
        key = other if is_hashable(other) and rng.random() < 0.3 else "k%d" % rng.randint(0, 5)
        node[key] = other
    elif isinstance(node, (set, u.CopySet)):
        if is_hashable(other):
            (node.members if isinstance(node, u.CopySet) else node).add(other)
    elif isinstance(node, u.CopyMap):
        node.entries["k%d" % rng.randint(0, 5)] = other
    elif isinstance(node, u.Slots):
        node.b = other
    elif isinstance(node, (u.State, u.Keep, u.OwnState)):
        node.a = (count(), other)
    elif isinstance(node, u.Slotted):
        node.a = other
    elif hasattr(node, "__dict__") and type(node).__module__ == "unknown_classes" and not isinstance(node, COMPLETE):
        setattr(node, rng.choice("xyz"), other)
    if isinstance(node, (list, dict, set, collections.deque)) and hasattr(node, "__dict__") and rng.random() < 0.3:
        node.extra = other


def _with(made, count):
    made.number = count()
    return made


def _slots(count):
    made = u.Slots()
    made.a = count()
    return made


def _zone(other):
    zone = u.Zone(5)
    zone.other = other
    return zone


#: Objects whose attributes no pickle has, or that do not allow any.
COMPLETE = (u.NewArgs, u.NewArgsEx, u.Copy, u.Frozen, u.FrozenSlots, u.Lazy, u.Made, u.Outer.Inner, type)

EMPTY = [
    lambda count: [],
    lambda count: [],
    lambda count: {},
    lambda count: {},
    lambda count: set(),
    lambda count: _with(u.Plain(), count),
    lambda count: _with(u.Plain(), count),
    lambda count: u.Keep(count()),
    lambda count: u.State(count()),
    lambda count: u.OwnState(count()),
    lambda count: u.Zone(count()),
    lambda count: u.Failure(count()),
    lambda count: u.CopySet([count()]),
    lambda count: u.CopyMap({"number": count()}),
    _slots,
    lambda count: _with(u.SlotsAndDict(), count),
    lambda count: _with(u.Setter(), count),
    lambda count: u.SetterAll(),
    lambda count: u.Copy(),
    lambda count: u.CopyDict(),
    lambda count: u.MyList(),
    lambda count: u.MyDict(),
    lambda count: u.MySet(),
    lambda count: u.MyDeque(),
    lambda count: u.Items(),
    lambda count: u.Pairs(),
    lambda count: u.Data(),
    lambda count: u.Slotted(),
    lambda count: collections.OrderedDict(),
    lambda count: collections.deque(),
    lambda count: collections.defaultdict(list),
    lambda count: u.MyDefaultDict(list),
]

IMMUTABLE = [
    lambda some, count: u.Keep((count(), some[0])),
    lambda some, count: u.MyTuple(some),
    lambda some, count: u.Pair(some[0], some[-1]),
    lambda some, count: u.Row(some[0], some[-1]),
    lambda some, count: u.NewArgs(count(), *some),
    lambda some, count: u.NewArgsEx((count(), some[0]), k=some[-1]),
    lambda some, count: frozenset(node for node in some if is_hashable(node)),
    lambda some, count: u.MyFrozenset(node for node in some if is_hashable(node)),
    lambda some, count: u.FrozenSlots(some[0]),
    lambda some, count: datetime.datetime(2024, 2, 29, tzinfo=_zone(some[0])),
    lambda some, count: tuple(some),
]
