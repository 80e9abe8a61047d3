"""The keys and values that all sides use."""

COUNT = 10_000
"""As many keys as redis-benchmark takes by chance."""


def key(number: int) -> bytes:
    """As redis-benchmark writes it."""
    return b"key:%012d" % number


def own_value(number: int, size: int) -> bytes:
    """What is there before gets: it begins with its key, so that every answer can be held against it."""
    return key(number).ljust(size, b".")


def common_value(size: int) -> bytes:
    """What every set writes."""
    return bytes(place % 251 for place in range(size))
