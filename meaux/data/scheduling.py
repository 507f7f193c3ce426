"""Scheduling: when `python -m meaux schedule` does what, from `[schedule]` in meaux.toml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from meaux.data.declared import key
from meaux.data.readers import text
from meaux.data.times import Times, times


def read_times(value: Any) -> Times:
    """Read times as a text."""
    return times(text(value))


@dataclass(frozen=True)
class Schedule:
    """When alerts are delivered and numbers are collected; None for never."""

    alerts: Times | None = key(
        None, read_times, "When `alerts --deliver` runs; without this key, never."
    )
    collect: Times | None = key(None, read_times, "When `collect` runs; without this key, never.")
