"""The rows behind email: reported totals, or the messages that events tell of."""

from __future__ import annotations

from meaux.query import queries
from meaux.query.metrics import Metric
from meaux.subjects.email.figures import RATES
from meaux.subjects.email.frames import FOLLOWED, STATES
from meaux.subjects.email.metrics import MAIL_SENT, MESSAGES
from meaux.subjects.rows import Behind, Ratio, Source

REPORTED = Source(
    "reported total",
    {"Reported totals": queries.reported_mail_rows},
    queries.reported_mail_sums,
    "table",
    ("state",),
    ("day", "sent", "delivered", "opened", "clicked", "bounced", "complained"),
    of=("email_day",),
)
TOLD = Source(
    "message",
    {"Messages": queries.message_rows},
    queries.message_row_sums,
    "table",
    ("state",),
    ("day", "state", "message", "at"),
)


def _told(state: str) -> Behind:
    return Behind(TOLD, of=(("state", state),))


def _part(state: str, rate: str, told: str) -> Behind:
    """Return the rows of a part of a rate, as reported and otherwise as events tell it."""
    return Behind(REPORTED, state.lower(), (("state", rate),), otherwise=_told(told))


def _rate(part: str, whole: str) -> Ratio:
    rate = f"{part} of {whole.lower()}"
    return Ratio(
        {part: _part(part, rate, FOLLOWED.get(part, part)), whole: _part(whole, rate, whole)}
    )


BEHIND: dict[Metric, Behind | Ratio] = {
    MAIL_SENT: _part("Sent", "All", "Sent"),
    MESSAGES: Behind(TOLD, of=tuple(("state", state) for state in STATES)),
    **{metric: _rate(*states) for metric, states in RATES.items()},
}
