"""TOML that somebody wrote: whatever is wrong with it is one kind of error."""

from __future__ import annotations

import tomllib
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
