"""Alert rules: those of the app, and rules of your own."""

from collections.abc import Iterator

from meaux.cli.reference import markdown
from meaux.data.alerting import CONDITIONS
from meaux.data.thresholds import Thresholds
from meaux.query.forecast import (
    DAYS_COMPARED,
    FARTHEST_USUAL,
    FEWEST_DAYS,
    MAD_TO_DEVIATION,
    SHARE_OF_WHOLE,
    TIMES_FARTHER,
    WEEKS_COMPARED,
)
from meaux.subjects.alerts import rules as alerts
from meaux.subjects.alerts.measures import OF_PARTS
from meaux.subjects.alerts.own import EARLIER
from meaux.subjects.money.anomalies import DAYS_BY_PART, MOST
from meaux.wording import percent


def page() -> Iterator[str]:
    """Yield the lines of the page of the alert rules."""
    yield "# Alerts\n"
    yield "Rules cover the whole company and ignore the filters. Alerts appear on Alerts, Home,"
    yield "Executive overview, Financial analytics and in `python -m meaux alerts`. An unknown"
    yield "value raises no alert; the command lists unknown values. For each budget, only the first"
    yield "rule that applies raises an alert. Thresholds are [settings](settings.md).\n"
    rules = [(f"`{rule.name}`", rule.told(Thresholds())) for rule in alerts.RULES]
    yield from markdown.table(("rule", "raises an alert if (with the default thresholds)"), rules)
    far = f"{FARTHEST_USUAL:g} \N{MULTIPLICATION SIGN} {MAD_TO_DEVIATION}"
    yield "## Unusual days\n"
    yield "Days are judged in total and by part: category, project in it, model or service in it,"
    yield f"and both. The usual cost of a day is the median cost of the {WEEKS_COMPARED} days"
    yield f"before it that have the same weekday. The {DAYS_COMPARED} days before it are compared"
    yield "with the usual cost of their weekday, too. A day is unusual if its difference is larger"
    yield "than each of these:\n"
    yield "- `anomaly_floor_usd`;"
    yield f"- {percent(SHARE_OF_WHOLE)} of the median daily total;"
    yield f"- {far} \N{MULTIPLICATION SIGN} the median absolute deviation of those days, about"
    yield f"  {FARTHEST_USUAL:g} standard deviations (Iglewicz and Hoaglin, How to Detect and"
    yield "  Handle Outliers, 1993);"
    yield f"- {TIMES_FARTHER:g} \N{MULTIPLICATION SIGN} the second largest difference of those"
    yield f"  days, and {TIMES_FARTHER:g} \N{MULTIPLICATION SIGN} the largest of the days 27 to 33"
    yield "  before.\n"
    yield f"A part must have a cost on {FEWEST_DAYS} of those days. Recurring costs are left out of"
    yield "the day's cost and of the usual cost. One cause is one finding: the cause of an unusual"
    yield f"day is the smallest part with at least {percent(MOST)} of the difference. It is taken"
    yield "off all other parts before the next cause is looked for. Projects and models are judged"
    yield f"on the last {DAYS_BY_PART - DAYS_COMPARED} days of a period, categories on all.\n"
    yield "## Severities\n"
    yield "## Severities\n"
    yield f"Severities, the most severe first: {', '.join(alerts.SEVERITIES)}. Of the rules,"
    yield "only `budget over` is critical. Open alerts recorded in the database are listed too,"
    yield "marked as recorded. [Telling people](notify.md) says how alerts reach them.\n"
    yield from _own_rules()


def _own_rules() -> Iterator[str]:
    yield "## Rules of your own\n"
    yield "A rule under `[[alerts]]` in `.streamlit/meaux.toml` has a metric, a window and exactly"
    yield f"one condition: {', '.join(f'`{name}`' for name in CONDITIONS)}. Its keys are among the"
    yield "[settings](settings.md). Its alerts appear where those of the other rules do. All rules"
    yield "are read in the one call that the page or the command makes anyway.\n"
    yield "```toml"
    yield "[[alerts]]"
    yield 'name = "No time logged"'
    yield 'metric = "hours"'
    yield 'no_data = "3d"'
    yield ""
    yield "[[alerts]]"
    yield 'name = "Failing Worker"'
    yield 'metric = "error_rate"'
    yield 'each = "worker"'
    yield 'over = "1h"'
    yield "above = 0.02"
    yield 'severity = "Error"'
    yield ""
    yield "[[alerts]]"
    yield 'name = "AI cost jumps"'
    yield 'metric = "model_cost"'
    yield 'each = "project"'
    yield 'over = "7d"'
    yield "rises_by = 0.5"
    yield "at_least = 20"
    yield 'sentence = "AI of {name} costs at least {limit} more than last week: {value}."'
    yield "```\n"
    yield "- Days are complete days before today, in the time zone of the settings; `no_data` also"
    yield "  looks at today. Hours are complete hours. A month is the month to date.\n"
    yield "- A change is that of the pages: the same weekdays, whole weeks earlier; for a month,"
    yield "  the same days of the month before. If there was nothing before, there is no change.\n"
    yield "- An unknown value raises no alert, and ends none. `below` looks only at parts with"
    yield f"  entries; `no_data` finds those that had data in the {EARLIER} days before and now"
    yield "  have none.\n"
    yield "- A rule that can't be answered is named, with the reason, by `python -m meaux alerts`."
    yield "  `python -m meaux alerts try NAME` says how often a rule would have fired in the past"
    yield "  90 days.\n"
    yield "For the company, every metric that a page shows as a number can be used. Metrics of"
    yield "parts; over hours, these can also be used for the company:\n"
    metrics = dict.fromkeys(name for name, _ in OF_PARTS)
    rows = [
        (f"`{name}`", ", ".join(each for metric, each in OF_PARTS if metric == name))
        for name in metrics
    ]
    yield from markdown.table(("metric", "for each"), rows)
