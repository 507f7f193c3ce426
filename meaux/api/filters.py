"""Filters: the parameters of a request as the selection that a page makes of its link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query

from meaux.api.problems import ProblemError
from meaux.api.visit import Visit, Visiting
from meaux.data.settings import SETTINGS
from meaux.query import queries
from meaux.query.answers import Ask
from meaux.query.collation import ids_by_name
from meaux.query.filters import (
    COMPARISONS,
    GRAINS,
    PRESETS,
    Selection,
    month_to_date,
    option_of,
    period_of,
)
from meaux.query.queries import Query as NamedQuery

T = TypeVar("T")

LONGEST = 200
"""Characters of a parameter."""
MOST_NAMED = 100
"""Teams, projects or people of one request."""

PERIOD = f"{', '.join(PRESETS)}, or START..END as YYYY-MM-DD, both included."
ZONE = "Time zone for day boundaries, such as Europe/Paris; by default that of the server."
COMPARE = f"Comparison period: {', '.join(COMPARISONS)}."
GRAIN = f"Time step: {', '.join(GRAINS)}."
NAMED = "Name or ID of a {}; it may be given several times. Only rows of these."

OF_PERIOD = {"pattern": rf"^({'|'.join(PRESETS)}|\d{{4}}-\d\d-\d\d\.\.\d{{4}}-\d\d-\d\d)$"}
OF_COMPARE, OF_GRAIN = {"enum": [*COMPARISONS]}, {"enum": [*GRAINS]}
"""What the document says: the names. The words of a page's link are read as well."""

Text = Annotated[str, Query(max_length=LONGEST)]
Names = Annotated[list[Text], Query(max_length=MOST_NAMED)]


def selection(  # noqa: PLR0913, PLR0917  each is a parameter of the request
    visit: Visiting,
    period: Annotated[
        str, Query(description=PERIOD, max_length=LONGEST, json_schema_extra=OF_PERIOD)
    ] = "30d",
    zone: Annotated[str, Query(description=ZONE, max_length=LONGEST)] = "",
    compare: Annotated[
        str, Query(description=COMPARE, max_length=LONGEST, json_schema_extra=OF_COMPARE)
    ] = "previous",
    grain: Annotated[
        str, Query(description=GRAIN, max_length=LONGEST, json_schema_extra=OF_GRAIN)
    ] = "auto",
    team: Annotated[Names, Query(description=NAMED.format("team"))] = [],  # noqa: B006
    project: Annotated[Names, Query(description=NAMED.format("project"))] = [],  # noqa: B006
    person: Annotated[Names, Query(description=NAMED.format("person"))] = [],  # noqa: B006
) -> Selection:
    """Return the selection of a request, limited to what its sender may see."""
    where = _zone(zone, visit)
    today = visit.service.settings().day(where)
    chosen = Selection(
        _read("period", partial(period_of, today=today), period),
        today,
        where,
        _read("compare", partial(option_of, COMPARISONS), compare),
        _read("grain", partial(option_of, GRAINS), grain),
        _ids(visit, "team", queries.team_choices, team),
        _ids(visit, "project", queries.project_choices, project),
        _ids(visit, "person", queries.person_choices, person),
    )
    return visit.narrowed(chosen)


def today(
    visit: Visiting,
    zone: Annotated[str, Query(description=ZONE, max_length=LONGEST)] = "",
) -> Selection:
    """Return the selection of a report that covers the company today."""
    where = _zone(zone, visit)
    day = visit.service.settings().day(where)
    return visit.narrowed(Selection(month_to_date(day), day, where))


Selected = Annotated[Selection, Depends(selection)]
Today = Annotated[Selection, Depends(today)]


def _zone(zone: str, visit: Visit) -> str:
    read: Callable[[str], str] = SETTINGS["timezone"].read
    return _read("zone", read, zone) if zone else visit.service.settings().timezone


def _read(name: str, read: Callable[[str], T], text: str) -> T:
    try:
        return read(text)
    except ValueError as error:
        end = "" if str(error).endswith("?") else "."
        raise ProblemError(422, f"Invalid {name}: {error}{end}") from None


def _ids(visit: Visit, key: str, query: NamedQuery, given: list[str]) -> tuple[str, ...]:
    """Return the ids of some names, as the sidebar offers them, or of ids."""
    if not given:
        return ()
    known: Mapping[str, str] = visit.service.call(ids_by_name, _choices(visit, query))
    ids = set(known.values())
    found = [known.get(one, one) for one in given]
    if any(one not in ids for one in found):
        raise ProblemError(422, f"Unknown {key} in the request.")
    return tuple(sorted(set(found)))


def _choices(visit: Visit, query: NamedQuery) -> Any:
    settings = visit.service.settings()
    day = settings.day(settings.timezone)
    whole = Selection(month_to_date(day), day)
    return visit.answer(Ask(query, visit.narrowed(whole))).frame
