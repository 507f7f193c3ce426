"""Reporting: which reports are sent to whom, from `[[reports]]` in meaux.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from meaux.data.declared import key, keys
from meaux.data.entries import UnusableError, read_all, read_keys
from meaux.data.faults import Fault
from meaux.data.notifying import address_key
from meaux.data.readers import list_of, one_of, text
from meaux.data.scheduling import read_times
from meaux.data.settings import PROJECT, SETTINGS
from meaux.data.times import Times

Paper = Literal["a4", "letter"]
PAPERS: tuple[Paper, ...] = get_args(Paper)
Form = Literal["message", "attachment", "both"]
FORMS: tuple[Form, ...] = get_args(Form)

PAGES = tuple(sorted(script.stem for script in (PROJECT / "pages").glob("*/*.py")))
REPORTS = ("weekly", "monthly", *PAGES)
"""The names of all reports."""

TABLE = "reports"
LEFT_OUT = "This report is not sent until corrected."


def _zone(value: Any) -> str:
    read: str = SETTINGS["timezone"].read(text(value))
    return read


_texts = list_of(text, "texts")


@dataclass(frozen=True)
class Sent:
    """A report that is sent: which, to whom, when, and what it covers."""

    name: str = key("", text, "Name of the entry; must be unique.")
    report: str = key(
        "weekly", one_of(REPORTS), "Which report: weekly, monthly, or the name of a page."
    )
    to: tuple[str, ...] = key(
        (),
        list_of(address_key, "keys"),
        "Keys of the addresses under `[notify]` in secrets.toml that get the report.",
    )
    when: Times | None = key(
        None, read_times, "When it is sent: in words (`monday 07:30`) or cron syntax."
    )
    period: str = key("", text, "Period, if not the usual one of the report.")
    zone: str = key("", _zone, "Time zone for day boundaries; by default that of the server.")
    teams: tuple[str, ...] = key(
        (),
        _texts,
        "Names or IDs of the only teams whose rows the recipients may see; without this key, all.",
    )
    projects: tuple[str, ...] = key((), _texts, "Only rows of these projects, by name or ID.")
    people: tuple[str, ...] = key((), _texts, "Only rows of these people, by name or ID.")
    paper: Paper = key("a4", one_of(PAPERS), "Paper of the PDF: a4 or letter.")
    form: Form = key(
        "both",
        one_of(FORMS),
        "How it is sent: message (in the body), attachment (HTML and PDF) or both.",
    )


KEYS = keys(Sent)


def read_reports(given: Mapping[str, Any], file: str) -> tuple[tuple[Sent, ...], list[Fault]]:
    """Read `[[reports]]` of a parsed file; return the valid entries, and the mistakes."""
    return read_all(given, TABLE, _entry, file, LEFT_OUT)


def _entry(given: Mapping[str, Any]) -> Sent:
    sent = Sent(**read_keys(given, KEYS))
    for needed in ("to", "when"):
        if not getattr(sent, needed):
            raise UnusableError(f"{needed} is missing")
    return sent
