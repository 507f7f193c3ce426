"""Scope: the period, zone and filters of a report, as its caller writes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TypeVar

from meaux.data.reporting import Sent
from meaux.data.settings import SETTINGS, Settings
from meaux.data.source import Source
from meaux.errors import SettingError
from meaux.query import queries
from meaux.query.answers import Ask, Fetch, ask
from meaux.query.collation import ids_by_name
from meaux.query.filters import Selection, month_to_date, period_of
from meaux.query.queries import Query
from meaux.reports.kinds import Kind

T = TypeVar("T")
CHOICES: dict[str, Query] = {
    "team": queries.team_choices,
    "project": queries.project_choices,
    "person": queries.person_choices,
}


@dataclass(frozen=True)
class Scope:
    """What a report covers, in words; empty means the default.

    `teams`, `projects` and `people` are names or IDs. `only` names the only teams whose rows the
    report may contain; None for all.
    """

    period: str = ""
    zone: str = ""
    teams: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None

    @classmethod
    def of(cls, sent: Sent) -> Scope:
        """Return the scope of an entry of `[[reports]]`."""
        return cls(
            sent.period,
            sent.zone,
            projects=sent.projects,
            people=sent.people,
            only=sent.teams or None,
        )


def scope_of(
    kind: Kind, scope: Scope, settings: Settings, opened: Source, fetch: Fetch
) -> Selection:
    """Return the selection of a report; names are looked up in the database.

    Raises:
        SettingError: a word can't be read, or a name is unknown.
        DatabaseError: the names can't be read.
    """
    zone = _read("zone", SETTINGS["timezone"].read, scope.zone) if scope.zone else settings.timezone
    today = settings.day(zone)
    period = (
        _read("period", lambda words: period_of(words, today), scope.period)
        if scope.period
        else kind.period(today)
    )
    whole = Selection(month_to_date(today), today, zone, only=scope.only)
    given = {"team": scope.teams, "project": scope.projects, "person": scope.people}
    known = _known({noun: names for noun, names in given.items() if names}, whole, opened, fetch)
    return Selection(
        period,
        today,
        zone,
        teams=tuple(known.get("team", ())),
        projects=tuple(known.get("project", ())),
        people=tuple(known.get("person", ())),
        only=scope.only,
        names={(noun, id_): name for noun, rows in known.items() for id_, name in rows.items()},
    )


def _read(name: str, read: Callable[[str], T], text: str) -> T:
    try:
        return read(text)
    except ValueError as error:
        end = "" if str(error).endswith("?") else "."
        raise SettingError(f"Invalid {name}: {error}{end}") from None


def _known(
    given: dict[str, tuple[str, ...]], whole: Selection, opened: Source, fetch: Fetch
) -> dict[str, dict[str, str]]:
    """Return the names of the chosen rows by ID, by noun, with one call to the database."""
    asks = [Ask(CHOICES[noun], whole) for noun in given]
    answers = ask(asks, opened.binding, fetch) if asks else []
    found: dict[str, dict[str, str]] = {}
    for (noun, names), answer in zip(given.items(), answers, strict=True):
        if not answer.answered:
            raise SettingError(f"The {noun} can't be looked up: {answer.reason}")
        found[noun] = _chosen(noun, names, ids_by_name(answer.frame))
    return found


def _chosen(noun: str, names: Sequence[str], known: dict[str, str]) -> dict[str, str]:
    ids = [known.get(name, name) for name in names]
    for name, found in zip(names, ids, strict=True):
        if found not in known.values():
            raise SettingError(
                f"Unknown {noun} {name[:60]!r}; use a name or an ID of the database."
            )
    return {id_: name for name, id_ in sorted(known.items(), key=itemgetter(1)) if id_ in ids}


def known_of(selection: Selection, opened: Source, fetch: Fetch) -> frozenset[str]:
    """Return the IDs and names of the only teams of a selection, and of their projects.

    Nothing is read if a report is for all teams.
    """
    if selection.only is None:
        return frozenset()
    whole = selection.unnarrowed
    asks = [Ask(CHOICES[noun], whole) for noun in ("team", "project")]
    answers = ask(asks, opened.binding, fetch)
    return frozenset(str(one) for answer in answers for one in answer.frame.to_numpy().flat)
