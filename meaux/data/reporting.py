"""Reporting: which reports are sent to whom, from `[[reports]]` in meaux.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from meaux.data.declared import key, keys
from meaux.data.faults import Fault
from meaux.data.notifying import address_key
from meaux.data.readers import list_of, one_of, text, unknown
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
NO_TABLE = "must be a table with keys"


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


class _UnusableError(Exception):
    """An entry is invalid; `key` is the invalid key, if it is a single one."""

    def __init__(self, reason: str, key: str = "") -> None:
        super().__init__(reason)
        self.key = key


def read_reports(given: Mapping[str, Any], file: str) -> tuple[tuple[Sent, ...], list[Fault]]:
    """Read the reports that are sent; an invalid one is named and affects no other."""
    entries, faults = given.get(TABLE, []), []
    found: dict[str, Sent] = {}
    if not isinstance(entries, list):
        reason = "write each report under its own [[reports]] line"
        return (), [Fault(file, "[[reports]]", reason, "No report is sent.", TABLE)]
    for number, entry in enumerate(entries, start=1):
        try:
            sent = _sent(entry)
            if sent.name.casefold() in found:
                raise _UnusableError("name already used by an earlier report")  # noqa: TRY301
            found[sent.name.casefold()] = sent
        except _UnusableError as error:
            name = entry.get("name") if isinstance(entry, Mapping) else None
            named = f" (“{name}”)" if isinstance(name, str) else ""
            at = f", {error.key}" if error.key else ""
            place = f"[[reports]] number {number}{named}{at}"
            faults.append(Fault(file, place, str(error), LEFT_OUT, TABLE))
    return tuple(found.values()), faults


def _sent(entry: Any) -> Sent:
    if not isinstance(entry, Mapping):
        raise _UnusableError(NO_TABLE)
    read: dict[str, Any] = {}
    for name, value in entry.items():
        if name not in KEYS:
            raise _UnusableError(unknown(name, KEYS))
        try:
            read[name] = KEYS[name].read(value)
        except ValueError as error:
            raise _UnusableError(str(error), name) from None
    sent = Sent(**read)
    for needed in ("name", "to", "when"):
        if not getattr(sent, needed):
            raise _UnusableError(f"{needed} is missing")
    return sent
