"""Parts: what each card of a folder needs of the database, and how it is made of that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import pandas as pd

from meaux.data.database import Fetched, Statement
from meaux.data.faults import Fault
from meaux.data.schema import Binding, Catalog
from meaux.data.schema.secrets import Secrecy, without_secrets
from meaux.errors import MeauxError
from meaux.query.answers import Answer, without_query
from meaux.query.filters import Selection
from meaux.query.filters.selection import NOT_FILTERED
from meaux.query.metrics.metric import Unlisted
from meaux.query.needs import Asked, Given, Need, Request
from meaux.subjects.card import Chart, Table
from meaux.subjects.figure import Figure
from meaux.subjects.health.sql import CopiedTables, Live, Masks, Refused
from meaux.subjects.own import language, native
from meaux.subjects.own.asks import MOST_ROWS, SCHEMA, OwnAsk, SchemaAsk, query_of
from meaux.subjects.own.cards import Own
from meaux.subjects.own.folder import CardFile
from meaux.subjects.own.frames import Typed, typed
from meaux.subjects.own.heading import Mistake
from meaux.subjects.own.shapes import shape, value
from meaux.wording import enumerated, sentences

FILTERS = {"teams": "team", "projects": "project", "people": "person"}
NOT_FOR_TEAMS = "Not for your teams: this card reads the whole database."
NOT_FOR_ROLE = "Not for your role: this card's SQL is on the database's own tables."
MORE = f"First {MOST_ROWS:,} rows; more available."


@dataclass(frozen=True, eq=False)
class Part:
    """A card as a page lists it: its file, what it needs, and the mistake in it, if any."""

    file: CardFile
    needs: Mapping[str, Need]
    make: Callable[..., Own]
    fault: Fault | None = None

    @property
    def __name__(self) -> str:
        return self.file.name

    def __call__(self, **met: object) -> Own:
        """Make the card of what it needs."""
        return self.make(**met)


@dataclass(frozen=True, eq=False)
class _Place:
    """Where a card's SQL runs: a database, and the tables of a copy if it is one."""

    binding: Binding
    catalog: Catalog
    secrecy: Secrecy
    copied: CopiedTables | None = None


def parts(  # noqa: PLR0913, PLR0917  the memo takes each for itself
    files: Sequence[CardFile],
    binding: Binding,
    catalog: Catalog,
    secrecy: Secrecy,
    may_sql: bool,  # noqa: FBT001  the memo takes no names
    copied: CopiedTables | None = None,
) -> tuple[Part, ...]:
    """Return a part for each file, in order.

    `may_sql`: whether the visitor may read physical tables; otherwise such cards say that they are
    not for them. `copied`: the tables of the open copy, if it is one.
    """
    place = _Place(binding, catalog, secrecy, copied)
    pages = {file.heading.page for file in files}
    schemas = {page: _schema(files, page, copied) for page in pages} if may_sql else {}
    return tuple(_part(file, place, schemas.get(file.heading.page)) for file in files)


def statement_of(part: Part, request: Request) -> Statement | None:
    """Return the statement that a card would send now; None if it has a mistake."""
    need = part.needs.get("answers")
    if not isinstance(need, Asked):
        return None
    try:
        return need.asks(request)["now"].compiled(request.binding).statement
    except MeauxError:
        return None


def _part(file: CardFile, place: _Place, schema: Asked | None) -> Part:
    """Return the part of a file; `schema` is the need with which plain SQL is checked."""
    sql = language.without_comments(file.sql)
    fault = file.fault or _fault(file, sql, place)
    if fault:
        return Part(file, {"selection": Given(Selection)}, _Broken(file, fault), fault)
    product = language.is_product(sql, file.heading.language, place.binding.model)
    if not product and schema is None:
        return Part(file, {"selection": Given(Selection)}, _Barred(file))
    query = query_of(file, sql)
    compares = file.heading.chart == "number" and "period" in language.uses(sql, product)

    def asks(request: Request) -> dict[str, OwnAsk]:
        def over(selection: Selection) -> OwnAsk:
            return OwnAsk(
                query,
                selection,
                sql=sql,
                product=product,
                native=_is_native(file),
                catalog=place.catalog,
                secrecy=place.secrecy,
                copied=place.copied,
            )

        chosen = request.selection
        found = {"now": over(chosen)}
        if compares and (days := chosen.comparison):
            found["comparable"] = over(chosen.over(days.now))
            found["then"] = over(chosen.over(days.then))
        return found

    needs: dict[str, Need] = {
        "answers": Asked(Mapping[str, Answer], (query,), asks, dict),
        "selection": Given(Selection),
    }
    if not product and schema:
        needs["schema"] = schema
    return Part(file, needs, _Made(file, sql, product, place))


def _is_native(file: CardFile) -> bool:
    return file.heading.language == native.LANGUAGE


def _schema(files: Sequence[CardFile], page: str, copied: CopiedTables | None) -> Asked:
    """Return the need of the schema as it is when the rows of a page's cards are read."""
    of = tuple(file.sql for file in files if file.heading.page == page)
    return Asked(
        Answer,
        (SCHEMA,),
        lambda request: {"": SchemaAsk(SCHEMA, request.selection, of=of, copied=copied)},
        lambda answers: answers[""],
    )


def _fault(file: CardFile, sql: str, place: _Place) -> Fault | None:
    """Return the first mistake in the SQL of a file; that of another engine isn't looked at."""
    if _is_native(file):
        wrong = native.mistake(sql, place.copied) if place.copied else None
        return file.wrong(wrong) if wrong else None
    model, chosen = place.binding.model, file.heading.language
    found = language.mistake(sql, chosen, model, place.catalog)
    if found is None and not language.is_product(sql, chosen, model):
        try:
            reading = language.parsed(language.whole(sql))
            language.guarded(reading, place.catalog, place.secrecy)
        except Refused as refusal:
            found = Mistake(0, str(refusal).rstrip("."))
    return file.wrong(found) if found else None


@dataclass(frozen=True, eq=False)
class _Broken:
    """Makes the card of a file with a mistake."""

    file: CardFile
    fault: Fault

    def __call__(self, selection: Selection) -> Own:
        return _failed(self.file, _no_answer(self.file, selection), self.fault)


@dataclass(frozen=True, eq=False)
class _Barred:
    """Makes the card of a file that the visitor may not see."""

    file: CardFile

    def __call__(self, selection: Selection) -> Own:
        answer = _no_answer(self.file, selection)
        if selection.only is not None:
            barred = replace(answer, state="unavailable", reason=NOT_FOR_TEAMS)
        else:
            barred = replace(answer, state="empty", reason=NOT_FOR_ROLE)
        return Own(Table(self.file.title, barred, self.file.about))


@dataclass(frozen=True, eq=False)
class _Made:
    """Makes the card of a file from its answers."""

    file: CardFile
    sql: str
    product: bool
    place: _Place

    def __call__(
        self,
        answers: Mapping[str, Answer],
        selection: Selection,
        schema: Answer | None = None,
    ) -> Own:
        now = replace(answers["now"], literal=True)
        if now.answered and not self.product and (schema is None or not schema.answered):
            reason = schema.reason if schema else ""
            now = replace(now, state="failed", reason=sentences("It can't be checked.", reason))
        if now.state == "unavailable" and now.reason.startswith(self.file.name):
            now = replace(now, state="failed")
        if not now.answered:
            return Own(Table(self.file.title, now, self.file.about))
        try:
            return self._made(now, answers, selection, schema)
        except Mistake as mistake:
            return _failed(self.file, now, self.file.wrong(mistake))

    def _made(
        self,
        now: Answer,
        answers: Mapping[str, Answer],
        selection: Selection,
        schema: Answer | None,
    ) -> Own:
        found, more = self._typed(now, schema)
        now = replace(now, unread=(*now.unread, *found.unread))
        note = sentences(MORE if more else "", _not_filtered(self.sql, selection, self.product))
        file, chart = self.file, self.file.heading.chart
        if now.state == "empty" or chart == "table":
            shown = Table(file.title, now.with_frame(found.frame), file.about, note)
            return Own(shown, found.columns)
        if chart == "number":
            shown = Table(file.title, now.with_frame(found.frame), file.about, note)
            return Own(shown, found.columns, self._figure(found, answers, selection, schema))
        drawn = shape(found, chart, file.title, selection)
        answer = now.with_frame(drawn.frame)
        said = sentences(drawn.note, note)
        return Own(
            Chart(file.title, answer, drawn.draw, drawn.metric, file.about, said, file=found.frame),
            found.columns,
        )

    def _typed(self, answer: Answer, schema: Answer | None) -> tuple[Typed, bool]:
        """Return the rows of an answer without secrets, and whether there are more of them."""
        rows = cast("Fetched", answer.fetched).rows
        held = rows.rows[:MOST_ROWS]
        if self.product:
            held = [tuple(map(_harmless, row)) for row in held]
        else:
            held = self._masks(cast("Answer", schema)).rows(rows.columns, held)
        units, zone = self.file.heading.unit, answer.selection.zone
        return typed(rows.columns, held, units, zone), len(rows.rows) > MOST_ROWS

    def _masks(self, schema: Answer) -> Masks:
        """Return what is masked of the rows, by the schema as it is now."""
        live = Live.of(cast("Fetched", schema.fetched).rows.rows)
        copied = self.place.copied
        try:
            if copied is not None:
                return native.guarded(native.reading(self.sql, copied), copied, live)
            reading = language.parsed(language.whole(self.sql))
            return language.guarded(reading, self.place.catalog, self.place.secrecy, live)
        except Refused as refusal:
            raise Mistake(0, str(refusal).rstrip(".")) from None

    def _figure(
        self,
        found: Typed,
        answers: Mapping[str, Answer],
        selection: Selection,
        schema: Answer | None,
    ) -> Figure:
        """Return the number; only complete days are compared, with those of another period."""
        number, column = value(found)
        unit, good = column.unit or "number", self.file.heading.good
        metric = Unlisted("value", self.file.title, unit, "", good)  # type: ignore[arg-type]
        days = selection.comparison
        sides = [
            value(self._typed(answer, schema)[0])[0]
            for name in ("comparable", "then")
            if (answer := answers.get(name)) is not None and answer.state == "ready"
        ]
        if days is None or len(sides) != len(("comparable", "then")):
            return Figure(metric, number)
        part, before = sides
        comparable = part if days.now != selection.period else None
        return Figure(metric, number, before, f"vs {days.then}", comparable=comparable)


def _harmless(cell: object) -> object:
    return without_secrets(cell, surely=True) if isinstance(cell, str) else cell


def _no_answer(file: CardFile, selection: Selection) -> Answer:
    return without_query(file.about, pd.DataFrame(), selection, literal=True)


def _failed(file: CardFile, answer: Answer, fault: Fault) -> Own:
    failed = replace(answer, state="failed", frame=answer.frame.head(0), reason=fault.sentence)
    return Own(Table(file.title, failed, file.about), fault=fault)


def _not_filtered(sql: str, selection: Selection, product: bool) -> str:  # noqa: FBT001
    """Return which of the page's filters the SQL doesn't use: the period, and those in use."""
    used = language.uses(sql, product)
    chosen = [noun for name, noun in FILTERS.items() if getattr(selection, name)]
    left = [noun for name, noun in FILTERS.items() if noun in chosen and name not in used]
    period = [] if "period" in used else ["period"]
    return f"{NOT_FILTERED} {enumerated([*period, *left], 'or')}." if period or left else ""
