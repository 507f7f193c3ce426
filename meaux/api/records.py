"""Records: the rows of a query in the types of its columns, for JSON."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from types import GenericAlias
from typing import Any

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, create_model

from meaux.query.metrics import unit_of
from meaux.query.queries import Query
from meaux.wording import whole

Stored = str | int | float | None
Days = list[tuple[date, float]] | None

TYPES: Mapping[str, Any] = {
    "date": date | None,
    "text": str | None,
    "number": float | None,
    "integer": int | None,
    "instant": datetime | None,
    "stored": Stored,
    "days": Days,
}
"""The type of each kind of column; None is an unknown value."""

PERIOD_OF_A_PAGE = "Send it as `page` for the rows after these; null if there are none."


class Covered(BaseModel):
    """The days that an answer covers."""

    first_day: date
    last_day: date
    zone: str


class Answered(BaseModel):
    """What every answer of a query carries besides its rows."""

    query: str = Field(description="Name of the query.")
    period: Covered
    read_at: datetime | None = Field(description="When the data were read.")
    rows_read: int | None = Field(description="Rows that the database read; null if unknown.")
    tables: list[str] = Field(description="The tables that were read.")
    notes: list[str] = Field(description="Sentences on what is missing or can't be read.")
    next: str | None = Field(description=PERIOD_OF_A_PAGE)


def row_model(query: Query) -> type[BaseModel]:
    """Make the model of a query's rows from its declared columns."""
    fields: dict[str, Any] = {
        f"column_{number}": (TYPES[kind], Field(alias=name, description=_unit(name)))
        for number, (name, kind) in enumerate(query.returns.items())
    }
    config = ConfigDict(extra="forbid", serialize_by_alias=True)
    return create_model(f"{_title(query.name)}Row", __config__=config, **fields)


def answer_model(query: Query) -> type[Answered]:
    """Make the model of a query's answer."""
    rows: Any = GenericAlias(list, row_model(query))
    return create_model(
        _title(query.name), __base__=Answered, __doc__=query.about, rows=(rows, Field())
    )


def records(frame: pd.DataFrame, query: Query) -> list[dict[str, Any]]:
    """Return the rows as dictionaries; an unknown value is None."""
    columns = [
        map(_VALUES[kind], frame[name].astype(object)) for name, kind in query.returns.items()
    ]
    return [dict(zip(query.returns, row, strict=True)) for row in zip(*columns, strict=True)]


def _title(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _unit(column: str) -> str | None:
    unit = unit_of(column)
    return f"Unit: {unit}." if unit else None


def _known(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if pd.isna(value) else read(value)


def _stored(value: Any) -> Stored:
    if value is None or isinstance(value, int | float):
        return value
    return whole(str(value))


_VALUES: Mapping[str, Callable[[Any], Any]] = {
    "date": _known(lambda value: value.date()),
    "text": _known(lambda value: whole(str(value))),
    "number": _known(float),
    "integer": _known(int),
    "instant": _known(lambda value: value.to_pydatetime()),
    "stored": _stored,
    "days": lambda value: list(value) if isinstance(value, tuple) else None,
}


def names(values: Iterable[str]) -> list[str]:
    """Return each name once, in order."""
    return list(dict.fromkeys(values))
