"""Vocabulary: the status words of a database, their meanings, and labels for missing values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

OTHER = "Other"
NO_TEAM = "No team"
UNASSIGNED = "Unassigned"
UNNAMED = "Unnamed"
NOBODY = "No person"

STATUSES = {
    "Active": "active live ongoing open enabled running production launched",
    "In progress": "in_progress wip development developing building started doing beta staging",
    "Paused": "paused on_hold hold suspended blocked waiting inactive",
    "Completed": "completed complete done finished delivered closed shipped",
    "Archived": "archived archive retired cancelled canceled sunset deprecated",
}
"""Each project status and its spellings, in the order of charts."""

SEVERITIES = {
    "Critical": "critical crit fatal emergency emerg panic alert urgent severe 0 1 2 60",
    "Error": "error err failure failed high 3 50",
    "Warning": "warning warn wrn medium moderate 4 40",
    "Info": "info information informational notice debug dbg verbose low trace 5 6 7 10 20 30",
}
"""Each severity, most severe first, and its spellings: words, the numbers of syslog from 0 to 7,
and those of pino from 10 to 60."""

PRIORITIES = {
    "Critical": "critical urgent blocker highest asap p0",
    "High": "high important major p1",
    "Medium": "medium normal moderate default p2",
    "Low": "low minor lowest trivial p3",
}
"""Each priority, most urgent first, and its spellings."""

PRIORITY_FROM = {"Critical": 90, "High": 60, "Medium": 30, "Low": 0}
"""The lowest number of each priority, on a scale from 0 to 100."""

OUTCOMES = {
    "Succeeded": "succeeded success successful completed complete done finished ok passed neutral "
    "continuedasnew continued_as_new",
    "Failed": "failed failure fail error errored exception timeout timed_out timedout crashed "
    "upstream_failed startup_failure dead",
    "Cancelled": "cancelled canceled aborted terminated stopped skipped stale",
    "Running": "running in_progress started active queued pending waiting scheduled retrying retry "
    "up_for_retry up_for_reschedule restarting deferred requested paused waitingforpause "
    "action_required",
}
"""The outcome of a workflow run or step, or that it is running."""

MAIL = {
    "Sent": "sent send submitted accepted processed messagesent email.sent",
    "Delivered": "delivered delivery email.delivered",
    "Opened": "opened open messageloaded email.opened",
    "Clicked": "clicked click messagelinkclicked email.clicked",
    "Bounced": "bounced bounce hard_bounce soft_bounce messagebounced email.bounced",
    "Complained": "complained complaint spam spamreport spam_report email.complained",
    "Failed": "failed failure error rejected reject dropped undelivered hardfail rendering_failure "
    "messagedeliveryfailed email.failed",
    "Waiting": "queued pending waiting scheduled sending processing retrying deferred delayed held "
    "softfail deliverydelay delivery_delay messagedelayed messageheld "
    "email.scheduled email.delivery_delayed",
    "Cancelled": "cancelled canceled skipped suppressed email.suppressed",
}
"""The outcome of a message, or that it is waiting."""

REQUESTS = {
    "Answered": "ok success succeeded successful completed canceled cancelled aborted "
    "clientdisconnected client_disconnected responsestreamdisconnected",
    "Failed": "exception scriptthrewexception exceededcpu exceededmemory exceededresources "
    "internalerror error errored failed failure crashed",
}
"""The outcome of a Worker request; a disconnected client is no failure."""

SPANS = {
    "week": "week weekly",
    "month": "month monthly",
    "quarter": "quarter quarterly",
    "year": "year yearly annual annually",
}
"""The calendar periods of an amount, and their spellings."""

DELETED = ("deleted", "removed", "void", "voided", "trashed", "discarded")
"""Statuses of deleted rows; an archived row counts."""

PAID_BACK = ("refunded",)
"""The status of a refunded charge; on a row below zero, it marks the refund itself."""

TOTALS = ("total", "totals", "subtotal", "sub-total", "grand total", "sum", "all", "overall")
"""Names of rows that are totals of others."""

DOLLARS = ("usd", "us$", "$", "us dollar", "us dollars", "dollar", "dollars")
"""The spellings of dollars, the currency of every sum."""

ADVICE = {
    "Closed": "closed done applied implemented completed resolved accepted dismissed rejected "
    "declined ignored acknowledged fixed",
}
"""Spellings of closed advice and alerts; all others are open."""


@dataclass(frozen=True)
class Vocabulary:
    """The spellings of some meanings, and the meaning of any other word."""

    spellings: Mapping[str, str]
    otherwise: str

    def meaning(self, word: object) -> str:
        """Return the meaning of a word, in any case and with any separator."""
        return self._meaning_of.get(_plain(word), self.otherwise)

    def sql(self, word: str) -> str:
        """Return SQL for the meaning of a word; `word` is SQL for it in lower case."""
        arms = " ".join(
            f"WHEN '{spelling}' THEN '{meaning}'"
            for spelling, meaning in self._meaning_of.items()
            if meaning != self.otherwise
        )
        plain = f"replace(replace({word}, '-', '_'), ' ', '_')"
        return f"CASE {plain} {arms} ELSE '{self.otherwise}' END"

    @cached_property
    def _meaning_of(self) -> dict[str, str]:
        words = self.spellings.items()
        return {spelling: meaning for meaning, spelled in words for spelling in spelled.split()}


VOCABULARIES = {
    "status": Vocabulary(STATUSES, OTHER),
    "severity": Vocabulary(SEVERITIES, "Info"),
    "priority": Vocabulary(PRIORITIES, OTHER),
    "outcome": Vocabulary(OUTCOMES, OTHER),
    "mail": Vocabulary(MAIL, OTHER),
    "request": Vocabulary(REQUESTS, OTHER),
    "advice": Vocabulary(ADVICE, "Open"),
    "span": Vocabulary(SPANS, OTHER),
}
"""Every vocabulary by the name that queries give it."""


status = VOCABULARIES["status"].meaning
"""The project status of a spelling; `Other` if it is unknown."""
severity = VOCABULARIES["severity"].meaning
"""The severity of a spelling; an unknown one is information."""
span = VOCABULARIES["span"].meaning
"""The calendar period of a spelling; `Other` if it is unknown."""


def priority(word: str | None) -> str:
    """Return the priority of a spelling or a number from 0 to 100; `Other` if it is unknown."""
    try:
        return next(name for name, least in PRIORITY_FROM.items() if float(word or "") >= least)
    except (ValueError, StopIteration):
        return VOCABULARIES["priority"].meaning(word)


def _plain(word: object) -> str:
    return word.strip().lower().replace("-", "_").replace(" ", "_") if isinstance(word, str) else ""
