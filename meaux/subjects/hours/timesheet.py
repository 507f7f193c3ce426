"""Timesheet: time entries as a file, by person, project and day, with their notes.

The workbook has a sheet of all people, one of each person, and one of all entries. Durations are
exact; a cell shows them in hours and minutes, so that shown minutes can differ from their shown
sum by a minute.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from meaux.data.readers import WEEKDAYS
from meaux.data.schema.vocabulary import NOBODY, UNASSIGNED
from meaux.query import export, series
from meaux.query.answers import Answer
from meaux.query.book import CLOCK, Book, sum_of
from meaux.query.collation import by_name, unique_names
from meaux.query.filters import Period, Selection
from meaux.query.workbook import ABOUT, About, Facts, Listed, Sheet, add, describe
from meaux.wording import counted, hours_of

MOST_ENTRIES = 50_000
"""Maximum number of entries in a file; a longer period has to be cut into parts."""
MOST_PEOPLE = 100
"""Maximum number of people with a sheet of their own, those with most hours."""
DAYS_IN_COLUMNS = 62
"""The sheets of a longer period have a column per week."""
HOURS_A_DAY = 24
FIRST_ROW = 3
"""The first row below a grid's headings."""
FIRST_WIDTH, SPAN_WIDTH = 32, 8
SHORT_DATE = "d mmm"
SATURDAY_ON = (5, 6)
FORMATS = {"clock": CLOCK}
HEADS = {
    "person": "Person",
    "project": "Project",
    "day": "Day",
    "weekday": "Weekday",
    "at": "Start",
    "billable": "Billable",
    "duration": "Duration (h:mm)",
    "hours": "Hours (h)",
    "note": "Note",
    "status": "Status",
    "person_id": "Person ID",
    "project_id": "Project ID",
}
"""The columns of the entries, with their headings in a CSV."""
WEEKEND = "#eeeeee"
TOTAL = "Total"
COUNTED = "Counted"
DELETED = "Deleted, void and duplicate entries aren't counted and aren't in this file."
ROUNDED = (
    "Durations are exact and shown in hours and minutes, so shown minutes can differ from their "
    "sum by a minute."
)


@dataclass(frozen=True)
class Totals:
    """The page's totals of the period: hours, entries, and the hours without a price if known."""

    hours: float
    entries: int
    unpriced: float | None = None


def totals(by_day: Answer, people: Answer) -> Totals:
    """Return the page's totals; hours without a price are known if entries have people."""
    unpriced = None
    if people.answered:
        unpriced = float((people.frame["hours"] - people.frame["priced"]).sum())
    hours, count = by_day.frame["hours"].sum(), by_day.frame["entries"].sum()
    return Totals(float(hours), int(count), unpriced)


def entries(answer: Answer) -> pd.DataFrame:
    """Return the entries of the file, by day, person and project; at most `MOST_ENTRIES`.

    Columns: person, project (names), day, weekday, at, billable, hours, note, status, person_id,
    project_id. The hours of an entry that doesn't count are empty.
    """
    found = answer.frame.head(MOST_ENTRIES)
    counts = found["reason"].isna()
    listed = pd.DataFrame(
        {
            "person": unique_names(found["person"], found["person_name"], NOBODY),
            "project": unique_names(found["project"], found["project_name"], UNASSIGNED),
            "day": found["day"],
            "weekday": found["day"].dt.day_of_week.map(dict(enumerate(WEEKDAYS))),
            "at": found["at"],
            "billable": found["billable"],
            "hours": found["hours"].where(counts),
            "note": found["note"],
            "status": found["reason"].fillna(COUNTED),
            "person_id": found["person"],
            "project_id": found["project"],
        }
    )
    return listed.sort_values(["day", "person", "project", "at"], kind="stable", ignore_index=True)


def as_csv(answer: Answer) -> bytes:
    """Return the entries as CSV, with durations as `h:mm` and in hours."""
    listed = entries(answer)
    shown = listed.assign(
        duration=listed["hours"].map(clock),
        hours=export.without_noise(listed["hours"], "hours"),
    )[list(HEADS)].rename(columns=HEADS)
    return export.csv(shown, str, answer.selection.zone)


def clock(hours: float | None) -> str:
    """Write hours as `h:mm`, rounded to the minute; empty for unknown."""
    if hours is None or pd.isna(hours):
        return ""
    minutes = round(hours * 60)
    return f"{minutes // 60}:{minutes % 60:02}"


def as_workbook(answer: Answer, told: Facts, totals: Totals) -> bytes:
    """Return the timesheet as a workbook; `told` says what it is, `totals` what the page says."""
    listed = entries(answer)
    counts = listed[listed["status"] == COUNTED]
    spans = _spans(answer.selection, counts)
    starts = pd.DatetimeIndex([span.start for span in spans])
    counts = counts.assign(span=starts.searchsorted(counts["day"], side="right") - 1)
    period = f"Timesheet, {answer.selection.period}"
    book = Book()
    about = About(period, {**told, **dict(_facts(answer, listed, totals))}, answer.selection.zone)
    first = book.add(ABOUT, period)
    drawn = []
    everyone = Grid(book, book.add("Everyone", period), spans)
    everyone.draw(period, "person", counts)
    drawn.append(Listed("Everyone", everyone.sheet.get_name(), "Hours per person."))
    people = counts.groupby("person")["hours"].sum().nlargest(MOST_PEOPLE).index
    local = counts.assign(at=counts["at"].dt.tz_convert(answer.selection.zone))
    for person in by_name(pd.DataFrame({"name": people}), NOBODY)["name"]:
        own = local[local["person"] == person]
        grid = Grid(book, book.add(person, period), spans)
        grid.notes(grid.draw(f"{person}: {period}", "project", own) + 1, own)
        drawn.append(Listed(person, grid.sheet.get_name(), "Hours per project, and each entry."))
    drawn += [add(book, sheet, about) for sheet in _lists(listed)]
    describe(book, first, about, drawn)
    return book.content


def _facts(answer: Answer, listed: pd.DataFrame, totals: Totals) -> Iterator[tuple[str, str]]:
    """Yield what the file contains, and what it leaves out."""
    counts = listed[listed["status"] == COUNTED]
    total = float(counts["hours"].sum())
    yield "Total", f"{clock(total)} ({hours_of(total)}), {counted(len(counts), 'entry')}"
    if not answer.answered:
        yield "Not read", answer.reason
    if len(answer.frame) > MOST_ENTRIES:
        held = counted(len(listed), "entry")
        whole = f"{hours_of(totals.hours)} in {counted(totals.entries, 'entry')}"
        yield "Left out", f"Only the latest {held} are here. The period has {whole}: shorten it."
    reasons = listed.loc[listed["status"] != COUNTED, "status"].value_counts()
    left = [f"{counted(number, 'entry')}: {str(why).lower()}" for why, number in reasons.items()]
    yield "Not counted", ", ".join(left) or "None"
    if totals.unpriced is not None:
        yield "Without a price", f"{hours_of(totals.unpriced)}; they count here and in no cost"
    yield "Deleted entries", DELETED
    yield "Minutes", ROUNDED


def _lists(listed: pd.DataFrame) -> Iterator[Sheet]:
    """Yield the sheets of all entries, and of those that don't count, if there are any."""
    counts = listed["status"] == COUNTED
    named = listed.assign(duration=listed["hours"] / HOURS_A_DAY)[list(HEADS)]
    shown = named.rename(columns={"at": "start", "duration": "clock"})
    about = "All entries in totals, by day."
    yield Sheet("Entries", shown[counts].drop(columns="status"), about, formats=FORMATS)
    if not counts.all():
        left = shown[~counts].drop(columns=["hours", "clock"])
        yield Sheet("Not counted", left, "Entries that totals leave out, and why.")


def _spans(selection: Selection, counts: pd.DataFrame) -> list[Period]:
    """Return what each column is: a day of the period, or a week; none without entries."""
    if counts.empty:
        return []
    period = series.since_recorded(selection.period, counts)
    return list(period.parts("day" if period.days <= DAYS_IN_COLUMNS else "week"))


@dataclass(frozen=True)
class Grid:
    """A sheet with a row per person or project, and a column per day or week, with totals."""

    book: Book
    sheet: Any
    spans: Sequence[Period]

    def draw(self, title: str, by: str, counts: pd.DataFrame) -> int:
        """Write the title, the headings, a row for each value of a column, and the totals.

        Returns the row after them.
        """
        self.book.write(self.sheet, 0, 0, title, bold=True, font_size=14)
        if counts.empty:
            self.book.write(self.sheet, 1, 0, "No entries.")
            return FIRST_ROW
        self._heads(by.capitalize())
        days = counts["hours"] / HOURS_A_DAY
        cells = days.groupby([counts[by], counts["span"]]).sum()
        names = by_name(pd.DataFrame({"name": counts[by].unique()}), NOBODY, UNASSIGNED)["name"]
        for row, name in enumerate(names, FIRST_ROW):
            self.book.write(self.sheet, row, 0, name)
            self._row(row, cells[name].to_dict())
        after = FIRST_ROW + len(names)
        self._totals(after, days.groupby(counts["span"]).sum().to_dict())
        self.sheet.freeze_panes(FIRST_ROW, 2)
        return after + 1

    def _heads(self, first: str) -> None:
        self.sheet.set_column(0, 0, FIRST_WIDTH)
        self.sheet.set_column(1, 1 + len(self.spans), SPAN_WIDTH)
        bold = {"bold": True, "bottom": 1, "align": "right"}
        self.book.write(self.sheet, FIRST_ROW - 1, 0, first, bold=True, bottom=1)
        self.book.write(self.sheet, FIRST_ROW - 1, 1, TOTAL, **bold)
        for column, span in enumerate(self.spans, 2):
            day, shade = span.start, _shade(span)
            head = f"{day:%a}" if span.days == 1 else "Week of"
            self.book.write(self.sheet, FIRST_ROW - 2, column, head, align="right", **shade)
            heads = {**bold, **shade, "num_format": SHORT_DATE}
            self.book.write(self.sheet, FIRST_ROW - 1, column, day, **heads)

    def _row(self, row: int, days: Mapping[Any, float]) -> None:
        """Write the durations of a row by span, and their sum as a formula with its value."""
        for number, span in enumerate(self.spans):
            how = {"num_format": CLOCK, **_shade(span)}
            if days.get(number):
                self.book.write(self.sheet, row, 2 + number, days[number], **how)
            else:
                self.sheet.write_blank(row, 2 + number, None, self.book.style(**how))
        self._sum(row, 1, (row, 2, row, 1 + len(self.spans)), sum(days.values()))

    def _totals(self, row: int, days: Mapping[Any, float]) -> None:
        self.book.write(self.sheet, row, 0, TOTAL, bold=True, top=1)
        self._sum(row, 1, (FIRST_ROW, 1, row - 1, 1), sum(days.values()), top=1)
        for number, span in enumerate(self.spans):
            cells = (FIRST_ROW, 2 + number, row - 1, 2 + number)
            self._sum(row, 2 + number, cells, days.get(number, 0.0), top=1, **_shade(span))

    def _sum(
        self, row: int, column: int, cells: tuple[int, int, int, int], value: float, **how: Any
    ) -> None:
        style = self.book.style(num_format=CLOCK, bold=True, **how)
        self.sheet.write_formula(row, column, sum_of(*cells), style, value)

    def notes(self, row: int, counts: pd.DataFrame) -> None:
        """Write each entry below the grid: day, weekday, start, project, duration and note."""
        heads = ("Project", "Duration", "Day", "Weekday", "Start", "Note")
        for column, head in enumerate(heads):
            self.book.write(self.sheet, row, column, head, bold=True, bottom=1)
        for number, entry in enumerate(counts.to_dict("records"), row + 1):
            at = None if pd.isna(entry["at"]) else f"{entry['at']:%H:%M}"
            note = None if pd.isna(entry["note"]) else " ".join(str(entry["note"]).split())
            duration = entry["hours"] / HOURS_A_DAY
            self.book.write(self.sheet, number, 0, entry["project"])
            self.book.write(self.sheet, number, 1, duration, num_format=CLOCK)
            self.book.write(self.sheet, number, 2, entry["day"], num_format=SHORT_DATE)
            for column, words in enumerate((entry["weekday"], at, note), 3):
                self.book.write(self.sheet, number, column, words)


def _shade(span: Period) -> dict[str, str]:
    """Return the background of a weekend's cells."""
    return {"bg_color": WEEKEND} if span.days == 1 and span.start.weekday() in SATURDAY_ON else {}
