"""Cards of one's own, for the commands that check and run them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from meaux.cli import options
from meaux.data.database import Fetched, Outcome, Statement
from meaux.data.faults import Fault
from meaux.data.plan import Plan
from meaux.data.source import Source
from meaux.query.filters import Selection
from meaux.query.needs import Request
from meaux.subjects.own import folder
from meaux.subjects.own.folder import CardFile
from meaux.subjects.own.heading import Mistake

if TYPE_CHECKING:
    from meaux.subjects.own.parts import Part


def files() -> tuple[CardFile, ...]:
    """Return the cards of the folder."""
    return folder.files(folder.folder_of(options.current().cards_folder))


def cards(opened: Source, declared: Plan) -> tuple[Part, ...]:
    """Return the part of each card on a database."""
    # The parser and the charts take a third of a second to import, which few commands need.
    from meaux.subjects.health.sql import CopiedTables  # noqa: PLC0415
    from meaux.subjects.own.parts import parts  # noqa: PLC0415

    secrecy = declared.secrecy
    copied = CopiedTables.of_open(opened, secrecy)
    return parts(files(), opened.binding, opened.catalog, secrecy, True, copied)  # noqa: FBT003


def prepared(found: Sequence[Part], opened: Source, selection: Selection) -> dict[str, Statement]:
    """Return what has each card's statement prepared, by the name of its file; no row is read."""
    from meaux.subjects.own.parts import statement_of  # noqa: PLC0415

    request = Request(selection, Plan(), opened.binding)
    statements = {part.file.name: statement_of(part, request) for part in found}
    return {name: _plan(one) for name, one in statements.items() if one}


def _plan(statement: Statement) -> Statement:
    explain = "EXPLAIN" if statement.native else "EXPLAIN QUERY PLAN"
    return replace(statement, sql=f"{explain} {statement.sql}", width=None)


def faults(found: Sequence[Part], outcomes: Mapping[str, Outcome]) -> list[Fault]:
    """Return the mistakes in the folder, in its files, and those that the database found."""
    given = options.current().cards_folder
    of_folder = folder.faults_of(folder.folder_of(given), given)
    refused = [
        part.file.wrong(Mistake(0, str(outcome).rstrip(".")))
        for part in found
        if (outcome := outcomes.get(part.file.name)) and not isinstance(outcome, Fetched)
    ]
    return [*of_folder, *(part.fault for part in found if part.fault), *refused]
