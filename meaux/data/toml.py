"""TOML that somebody wrote: whatever is wrong with it is one kind of error."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any


def parsed(text: str) -> dict[str, Any]:
    """What a text in TOML holds.

    Raises:
        tomllib.TOMLDecodeError: it is none; one that nests too deeply or holds a number of
            thousands of digits is none either, whatever the parser makes of it.
    """
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise tomllib.TOMLDecodeError("brackets stand in each other too deeply") from None
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:
        raise tomllib.TOMLDecodeError("a number or a date in it can't be") from None


def in_file(path: Path) -> dict[str, Any]:
    """What a file of TOML holds.

    Raises:
        tomllib.TOMLDecodeError: it is none, or can't be read; the words of the error say which.
    """
    try:
        return parsed(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise tomllib.TOMLDecodeError(f"it is not valid TOML: {error}") from None
    except OSError as error:
        raise tomllib.TOMLDecodeError(f"it can't be read: {error.strerror}") from None
