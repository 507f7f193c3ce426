"""TOML of the user: every mistake in it raises the same error."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any


def parsed(text: str) -> dict[str, Any]:
    """Parse a text in TOML.

    Raises:
        tomllib.TOMLDecodeError: the text is not valid TOML, is nested too deeply, or has a number
            of thousands of digits.
    """
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise tomllib.TOMLDecodeError("brackets are nested too deeply") from None
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:
        raise tomllib.TOMLDecodeError("invalid number or date") from None


def in_file(path: Path) -> dict[str, Any]:
    """Parse a TOML file.

    Raises:
        tomllib.TOMLDecodeError: the file is not valid TOML or can't be read; the text says which.
    """
    try:
        return parsed(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise tomllib.TOMLDecodeError(f"it is not valid TOML: {error}") from None
    except OSError as error:
        raise tomllib.TOMLDecodeError(f"it can't be read: {error.strerror}") from None
