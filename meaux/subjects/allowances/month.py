"""Month: the answers that measure this month's usage, for the whole company."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, TypeVar

from meaux.query import queries
from meaux.query.answers import Answer
from meaux.query.filters import Selection, month_to_date
from meaux.query.needs import asking


def month(selection: Selection) -> Selection:
    """Select this month up to today for the whole company, regardless of filters."""
    so_far = selection.over(month_to_date(selection.today))
    return replace(so_far.unnarrowed, grain="auto")


@dataclass(frozen=True)
class Month:
    """The answers that measure this month's usage of one subject."""

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Return all of them, in order."""
        return tuple(vars(self).values())


@dataclass(frozen=True)
class WorkersMonth(Month):
    """This month of Workers."""

    use: Annotated[Answer, asking(queries.worker_use, over=month)]


@dataclass(frozen=True)
class StorageMonth(Month):
    """This month of buckets and of other storage."""

    buckets: Annotated[Answer, asking(queries.bucket_levels, over=month)]
    bucket_peaks: Annotated[Answer, asking(queries.bucket_peaks, over=month)]
    operations: Annotated[Answer, asking(queries.bucket_operations, over=month)]
    sources: Annotated[Answer, asking(queries.storage_levels, over=month)]
    source_peaks: Annotated[Answer, asking(queries.storage_peaks, over=month)]
    source_operations: Annotated[Answer, asking(queries.storage_operations, over=month)]


@dataclass(frozen=True)
class AIMonth(Month):
    """This month of AI."""

    tokens: Annotated[Answer, asking(queries.tokens_used, over=month)]
    cost: Annotated[Answer, asking(queries.model_cost_by_day, over=month)]


M = TypeVar("M", bound=Month)
