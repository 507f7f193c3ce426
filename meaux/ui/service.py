"""Service: what the API uses of the pages: settings, the open database, the cache."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import streamlit as st

from meaux.data.database import Outcome, Statement
from meaux.data.plan import Plan
from meaux.data.settings import Settings
from meaux.data.source import Source
from meaux.errors import DatabaseError
from meaux.ui import data, visitor

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
        return data.shared_source()

    def outcomes(
        self, opened: Source, wanted: Sequence[Statement], barred: DatabaseError | None
    ) -> tuple[list[Outcome], int]:
        """Return the outcome of each statement, and the rows that were read for them now."""
        return data.shared_outcomes(opened, wanted, barred)

    def call(self, function: Callable[..., T], *of: object) -> T:
        """Return the result of a pure function, computed once per arguments."""
        return data.shared_call(function, *of)
