"""What may be a key of a dict or a member of a set, without running anything of the app's own."""

import unknown_classes as u


def is_hashable(value):
    """By address or by content that cannot change: hashing what lies in a cycle has no end."""
    if type(value) in (tuple, frozenset):
        return all(map(is_told_apart, value))
    # A NewArgsEx loses its number below protocol 2.
    return type(value).__hash__ is object.__hash__ and type(value) is not u.NewArgsEx


def is_told_apart(value):
    """Whether it may be a member of a set: nothing else looks like it and is another."""
    if type(value).__hash__ is object.__hash__ or type(value) in (tuple, frozenset):
        return is_hashable(value)
    try:
        hash(value)
    except TypeError:
        return False
    return True
