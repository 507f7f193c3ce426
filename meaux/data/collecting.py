"""Collecting: which sources `python -m meaux collect` reads, from `[collect]` in meaux.toml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from meaux.data.declared import key
from meaux.data.readers import list_of, one_of

SourceName = Literal[
    "billing",
    "requests",
    "workers",
    "bucket_usage",
    "buckets",
    "storage",
    "openai",
    "ai_gateway",
]
SOURCES: tuple[SourceName, ...] = get_args(SourceName)


@dataclass(frozen=True)
class Collect:
    """What `collect` reads."""

    sources: tuple[SourceName, ...] = key(
        (),
        list_of(one_of(SOURCES), "sources"),
        "Sources that `python -m meaux collect` reads; without this key, all whose token is set.",
    )
