"""Own: the user's own rules, checked on today's answers; all of them are asked in one call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

from meaux.data.alerting import TABLE, OwnRule, Window
from meaux.data.plan import Plan
from meaux.data.readers import near
from meaux.data.schema import Binding
from meaux.query import queries
from meaux.query.answers import Answer, Ask
from meaux.query.filters import Period, Selection, month_to_date
from meaux.query.filters.period import DAY
from meaux.query.metrics import DEFINITIONS, Metric, change
from meaux.query.needs import Asked, Met, Request, asks_of
from meaux.query.queries import days_only
from meaux.subjects.alerts import told
from meaux.subjects.alerts.measures import OF_PARTS, Parts, figures, unusable
from meaux.subjects.alerts.rules import Finding
from meaux.subjects.alerts.told import Measured, key_of
from meaux.subjects.figure import Figure
from meaux.subjects.money.outlook import Scenario

EARLIER = 28
"""Days before the window of `no_data` in which a part must have had data."""
COMPANY = "the company"
HOUR = 3600
CHOICES = {"projects": queries.project_choices, "teams": queries.team_choices}


@dataclass(frozen=True)
class Problem:
    """A rule that can't be answered, and why."""

    rule: str
    reason: str

    @property
    def sentence(self) -> str:
        """The whole problem in words."""
        return f"[[{TABLE}]] “{self.rule}”: {self.reason.rstrip('.')}."


@dataclass(frozen=True)
class OwnFindings:
    """What the user's rules find, which can't be answered, and which are unknown today.

    `failed`: whether the database didn't answer one of them.
    """

    found: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    unchecked: tuple[str, ...] = ()
    failed: bool = False

    def is_unchecked(self, key: str) -> bool:
        """Return whether the finding with this key can't have been found today."""
        return any(key == one or key.startswith(f"{one}/") for one in self.unchecked)


@dataclass(frozen=True)
class Looked:
    """What a rule finds, and the keys that are unknown today; or why it can't be answered."""

    found: tuple[Finding, ...] = ()
    unknown: tuple[str, ...] = ()
    problem: str = ""


def clock(selection: Selection) -> datetime:
    """Return the end of the last complete hour; of a day that isn't today, its end."""
    zone = ZoneInfo(selection.zone)
    now = datetime.now(UTC).astimezone(zone)
    if now.date() != selection.today:
        return datetime.combine(selection.today + DAY, time.min, zone)
    return now.replace(minute=0, second=0, microsecond=0)


class Look:
    """One rule, and what it asks for a request."""

    def __init__(self, rule: OwnRule, request: Request) -> None:
        self.rule, self.request = rule, request
        self.today = request.selection.today
        self.selection = self._over(rule.no_data or rule.over)

    @property
    def metric(self) -> Metric:
        """The metric of the rule."""
        return DEFINITIONS[self.rule.metric]

    @property
    def parts(self) -> Parts | None:
        """Where the values of parts come from; None if a figure has that of the company."""
        rule = self.rule
        if rule.each != "company":
            return OF_PARTS[rule.metric, rule.each]
        if rule.over.unit != "hours":
            return None
        return next((parts for (name, _), parts in OF_PARTS.items() if name == rule.metric), None)

    def problem(self) -> str:
        """Say why the rule can't be used; empty if it can."""
        rule = self.rule
        if why := unusable(rule.metric, rule.each, partial(near, known=DEFINITIONS)):
            return why
        if rule.no_data and self.metric.total == "last":
            return f"{rule.metric} is a level, which lasts until the next one; use stale_days"
        if rule.over.unit == "hours":
            return self._without_hours()
        return self._unfiltered()

    def _without_hours(self) -> str:
        if self.parts is None:
            return f"{self.rule.metric} is counted by day; use days, such as 1d"
        if days := days_only(self.parts.query, self.request.binding, self.selection):
            return f"{', '.join(days)} has days without a time; use days, such as 1d"
        return ""

    def _unfiltered(self) -> str:
        """Say that the metric ignores the filters of the rule, if it does."""
        if not self.selection.narrowed or self.parts is not None:
            return ""
        whole = Look(replace(self.rule, projects=(), teams=()), self.request)
        if set(self._statements()) - set(whole._statements()):
            return ""
        return f"{self.rule.metric} always covers the whole company; leave out projects and teams"

    def _statements(self) -> Iterator[object]:
        binding = self.request.binding
        for one in self._asks().values():
            try:
                yield one.compiled(binding).statement
            except queries.Unanswerable as error:
                yield str(error)

    def asks(self) -> dict[str, Ask]:
        """Return what the rule asks, by name."""
        if self.problem():
            return {}
        of = {name for name in CHOICES if getattr(self.rule, name)}
        if self.rule.each == "team":
            of.add("teams")
        whole = self.request.selection.unnarrowed
        return self._asks() | {name: Ask(CHOICES[name], whole) for name in of}

    def _asks(self) -> dict[str, Ask]:
        parts = self.parts
        if parts is None:
            each = asks_of([figures()[self.rule.metric]], self._of_figure()).values()
            listed = dict.fromkeys(ask for asked in each for ask in asked.values())
            return {f"figure {number}": ask for number, ask in enumerate(listed)}
        if self.rule.compares:
            found = self.selection.comparison
            return (
                {}
                if found is None
                else {
                    "now": Ask(parts.query, self.selection.over(found.now)),
                    "before": Ask(parts.query, self.selection.over(found.then)),
                }
            )
        asked = {"now": Ask(parts.query, self.selection)}
        if self.rule.no_data:
            start = self.selection.period.start
            earlier = self.selection.over(Period(start - EARLIER * DAY, start))
            asked["before"] = Ask(parts.query, earlier)
        return asked

    def _of_figure(self) -> Request:
        nothing = Scenario(0.0, 0.0, self.today)
        return replace(self.request, selection=self.selection).choosing(nothing)

    def _over(self, window: Window) -> Selection:
        """Select the window: complete days and, for no data, today; complete hours; the month."""
        rule, today, end = self.rule, self.today, clock(self.request.selection)
        between = None
        if window.unit == "hours":
            last = int(end.timestamp())
            between = (last - window.count * HOUR, last)
            first = datetime.fromtimestamp(between[0], end.tzinfo).date()
            period = Period(first, (end - timedelta(seconds=1)).date() + DAY, months=0)
        elif window.unit == "month":
            period = month_to_date(today)
        else:
            last_day = today + DAY if rule.no_data else today
            period = Period(today - window.count * DAY, last_day, months=0)
        return replace(
            self.request.selection.unnarrowed,
            period=period,
            compare="previous" if rule.compares else "none",
            grain="auto",
            projects=rule.projects,
            teams=rule.teams,
            between=between,
        )

    def findings(self, answers: Mapping[str, Answer]) -> Looked:
        """Return what is found, or why the rule can't be answered."""
        asked = [one for name, one in answers.items() if name not in CHOICES]
        unread = next((one for one in asked if not one.answered and self._needs(one)), None)
        if unread is not None:
            return Looked(problem=unread.reason)
        if why := self._unknown_filter(answers):
            return Looked(problem=why)
        measured = self._measured(answers)
        if isinstance(measured, str):
            return Looked(problem=measured)
        raised = {id_: one for id_, one in measured.items() if self._is_raised(one)}
        unknown = [key_of(self.rule, id_) for id_, one in measured.items() if self._is_unknown(one)]
        if not asked:  # a change on the first day of a month
            unknown.append(key_of(self.rule))
        found = tuple(
            told.finding(self.rule, self.selection, id_, one) for id_, one in raised.items()
        )
        return Looked(found, tuple(unknown))

    def _needs(self, answer: Answer) -> bool:
        """Return whether the rule needs an answer; a figure says so itself."""
        return self.parts is not None or answer.state == "failed"

    def _unknown_filter(self, answers: Mapping[str, Answer]) -> str:
        for name in CHOICES:
            if name not in answers:
                continue
            rows = answers[name].frame
            for word in getattr(self.rule, name):
                if word in set(rows["id"]):
                    continue
                named = rows.loc[rows["name"].str.casefold() == word.casefold(), "id"]
                if len(named):
                    return f"{word} is a name; write its ID, {named.iloc[0]}, in {name}"
                return f"there is no {name.removesuffix('s')} with the ID {word}"
        return ""

    def _measured(self, answers: Mapping[str, Answer]) -> dict[str, Measured] | str:
        parts = self.parts
        if parts is None:
            return self._of_company(answers)
        if "now" not in answers:
            return {}
        now = answers["now"].frame
        if self.rule.each == "company":
            return {"": Measured(COMPANY, parts.measure(now) if len(now) else None)}
        before = answers["before"].frame if "before" in answers else now.head(0)
        names, values, then = self._names(answers), parts.values(now), parts.values(before)
        both = then | values if self.rule.no_data or self.rule.compares else values
        # A sum without a row is 0, as in tables; only a change needs it.
        absent = 0.0 if self.rule.compares and self.metric.total == "sum" else None
        unknown = ("", absent)
        return {
            id_: Measured(
                names.get(id_, name), values.get(id_, unknown)[1], then.get(id_, unknown)[1]
            )
            for id_, (name, _) in both.items()
        }

    def _of_company(self, answers: Mapping[str, Answer]) -> dict[str, Measured] | str:
        card, request = figures()[self.rule.metric], self._of_figure()
        asks = asks_of([card], request)
        given = {answer_ask: answers[name] for name, answer_ask in self._asks().items()}
        figure: Figure = Met(request, asks, given).of(card)
        if figure.unanswered:
            return figure.note
        if self.rule.compares:
            return {"": Measured(COMPANY, figure.compared, figure.before)}
        return {"": Measured(COMPANY, figure.value)}

    def _names(self, answers: Mapping[str, Answer]) -> dict[str, str]:
        if self.rule.each != "team" or "teams" not in answers:
            return {}
        rows = answers["teams"].frame
        return dict(zip(rows["id"].astype(str), rows["name"].astype(str), strict=True))

    def _is_raised(self, one: Measured) -> bool:
        rule = self.rule
        match rule.condition:
            case "above":
                return one.value is not None and one.value > (rule.above or 0)
            case "below":
                return one.value is not None and one.value < (rule.below or 0)
            case "no_data":
                had = rule.each == "company" or bool(one.before)
                return had and self._is_nothing(one.value)
        changed = change(one.value, one.before)
        larger = max(one.value or 0, one.before or 0)
        if changed is None or (rule.at_least is not None and larger < rule.at_least):
            return False
        up = rule.rises_by
        return changed >= up if up is not None else changed <= -(rule.falls_by or 0)

    def _is_nothing(self, value: float | None) -> bool:
        counts = self.metric.total in ("sum", "distinct")
        return value is None or (counts and not value)

    def _is_unknown(self, one: Measured) -> bool:
        return one.value is None and not self.rule.no_data


def _checked(plan: Plan) -> list[OwnRule]:
    """Return the rules that are on."""
    return [rule for rule in plan.alerts if rule.on]


def _asked(request: Request) -> dict[str, Ask]:
    """Return what all rules ask, by the place of the rule and its own name."""
    found = {}
    for place, rule in enumerate(_checked(request.plan)):
        for name, ask in Look(rule, request).asks().items():
            found[f"{place} {name}"] = ask
    return found


OF_RULES = Asked(Mapping[str, Answer], (), _asked, dict)


def own_findings(
    answers: Annotated[Mapping[str, Answer], OF_RULES],
    plan: Plan,
    selection: Selection,
    binding: Binding,
) -> OwnFindings:
    """Check the user's rules."""
    found: list[Finding] = []
    problems: list[Problem] = []
    unchecked: list[str] = []
    failed = False
    for place, rule in enumerate(_checked(plan)):
        look = Look(rule, Request(selection, plan, binding))
        start = f"{place} "
        mine = {n.removeprefix(start): a for n, a in answers.items() if n.startswith(start)}
        why = look.problem()
        looked = Looked(problem=why) if why else look.findings(mine)
        found += looked.found
        unchecked += looked.unknown
        if looked.problem:
            problems.append(Problem(rule.name, looked.problem))
            unchecked.append(key_of(rule))
        failed = failed or any(answer.state == "failed" for answer in mine.values())
    return OwnFindings(tuple(found), tuple(problems), tuple(unchecked), failed)


Own = Annotated[OwnFindings, own_findings]
"""What the user's own rules find."""
