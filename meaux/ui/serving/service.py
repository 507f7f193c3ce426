"""Service: what the API uses of the pages: settings, the open database, the cache."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import streamlit as st

from meaux.data.database import Fetched, Outcome, Statement
from meaux.data.plan import Plan
from meaux.data.settings import Settings
from meaux.data.source import Source
from meaux.errors import DatabaseError
from meaux.ui import visitor
from meaux.ui.loading import cache, data, shared

T = TypeVar("T")


class Shared:
    """The parts of this process that the pages and the API share."""

    def base(self) -> str:
        """Return the path below which the server answers, such as `/dash`; empty for all paths."""
        given = str(st.get_option("server.baseUrlPath") or "").strip("/")
        return f"/{given}" if given else ""

    def settings(self) -> Settings:
        """Return the settings of the process."""
        return data.current_settings()

    def plan(self) -> Plan:
        """Return the contents of `meaux.toml`."""
        return data.current_plan()

    def auth(self) -> Mapping[str, Any] | None:
        """Return `[auth]` of the secrets file; None without sign-in."""
        return visitor.section()

    def source(self) -> Source:
        """Return the open database."""
        return shared.outside(self.settings())

    def outcomes(
        self, opened: Source, wanted: Sequence[Statement], barred: DatabaseError | None
    ) -> tuple[list[Outcome], int]:
        """Return the outcome of each statement, and the rows that were read for them now.

        If `barred`, nothing is read: that error stands for what isn't cached.
        """
        known = {statement: cache.look(opened, statement, opened.fetched) for statement in wanted}
        if barred:
            return [found or barred for found in map(known.get, wanted)], 0
        missing = [statement for statement, found in known.items() if found is None]
        found = cache.ask(opened, datetime.now(UTC) - cache.FRESH, missing)
        if any(data.is_gone(one) for s, one in zip(missing, found, strict=True) if not s.own):
            shared.reopen_once(opened)
        cache.ask_behind(opened, [s for s, one in known.items() if one and cache.is_stale(one)])
        outcomes = dict(zip(missing, found, strict=True))
        read = [one.rows.meta.rows_read or 0 for one in found if isinstance(one, Fetched)]
        return [known[s] or outcomes[s] for s in wanted], sum(read)

    def call(self, function: Callable[..., T], *of: object) -> T:
        """Return the result of a pure function, computed once per arguments."""
        return data.kept(function, *of)
