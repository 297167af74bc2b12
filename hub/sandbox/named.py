"""What the world knows of somebody or something, under the names that a tool gives it."""

from hub.sandbox.answers import Json


def named(value: object, names: str) -> Json:
    """Some attributes of a value; each name is written as `theirs=ours`."""
    return {theirs: getattr(value, ours) for theirs, ours in (each.split("=") for each in names.split())}
