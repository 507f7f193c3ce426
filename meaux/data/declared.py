"""Declared keys: a field defines the name, default, reader and description of a setting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True)
class Key:
    """One thing that a user can set; `read` raises a ValueError that says what is wrong.

    A setting has an environment `variable`.
    """

    name: str
    default: Any
    read: Callable[[Any], Any]
    description: str
    variable: str = ""


def key(
    default: Value, read: Callable[[Any], Value], description: str, variable: str = ""
) -> Value:
    """Return a dataclass field with the metadata of a `Key`."""
    said = {"read": read, "description": description, "variable": variable}
    return field(default=default, metadata=said)


def keys(shape: type) -> dict[str, Key]:
    """Return the keys of a dataclass by name, in order."""
    return {one.name: Key(one.name, one.default, **one.metadata) for one in fields(shape)}
