"""Service: what the API needs of the process that it runs in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from meaux.data.database import Outcome, Statement
from meaux.data.plan import Plan
from meaux.data.settings import Settings
from meaux.data.source import Source
from meaux.errors import DatabaseError

T = TypeVar("T")


class Service(Protocol):
    """The settings, the open database and the cache, shared with the pages."""

    def base(self) -> str:
        """Return the path below which the server answers, such as `/dash`; empty for all paths."""

    def settings(self) -> Settings:
        """Return the settings of the process; raise SettingError if one is invalid."""

    def plan(self) -> Plan:
        """Return the contents of `meaux.toml`."""

    def auth(self) -> Mapping[str, Any] | None:
        """Return `[auth]` of the secrets file; None without sign-in."""

    def source(self) -> Source:
        """Return the open database; raise MeauxError if it can't be opened."""

    def outcomes(
        self, opened: Source, wanted: Sequence[Statement], barred: DatabaseError | None
    ) -> tuple[list[Outcome], int]:
        """Return the outcome of each statement, and the rows that were read for them now.

        Those not cached come in one call; if `barred`, that error stands for them.
        """

    def call(self, function: Callable[..., T], *of: object) -> T:
        """Return the result of a pure function, computed once per arguments."""
