"""Access: who may enter, as what, and for which teams.

It is set under `[access]` in `.streamlit/meaux.toml`. Every door (pages, files, API) asks
`allowed`. A mistake in the file can only keep people out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from meaux.data.declared import Key, key, keys
from meaux.data.faults import Fault
from meaux.data.readers import list_of, one_of, text, unknown

Role = Literal["viewer", "analyst", "admin"]
Right = Literal["pages", "files", "log", "catalog", "sql", "health", "cards"]

ROLES: tuple[Role, ...] = get_args(Role)
_PAGES: frozenset[Right] = frozenset({"pages"})
_READS: frozenset[Right] = _PAGES | {"files", "log", "catalog", "sql"}
RIGHTS: dict[Role, frozenset[Right]] = {
    "viewer": _PAGES,
    "analyst": _READS,
    "admin": _READS | {"health", "cards"},
}
"""What each role may see; `health` includes the settings in force, `cards` saves a card's file."""
OF_TEAMS: frozenset[Right] = frozenset({"pages", "files"})
"""The rights that can be narrowed to teams; the others cover the whole database."""
NOT_FOR_TEAMS = "Not for your teams: this covers the whole database."


@dataclass(frozen=True)
class Access:
    """What somebody may see.

    - `role`: None if not allowed in.
    - `teams`: names or IDs of the only teams whose rows they see; None for all teams.
    - `who`: the address or name of the signed-in person; empty without sign-in.
    """

    role: Role | None
    teams: tuple[str, ...] | None = None
    who: str = ""

    def may(self, right: Right) -> bool:
        """Return whether this right is given."""
        if self.role is None or right not in RIGHTS[self.role]:
            return False
        return self.teams is None or right in OF_TEAMS


EVERYTHING = Access("admin")
"""The access of whoever opens a dashboard without sign-in."""

ANYBODYS = {
    *("gmail.com", "googlemail.com", "hotmail.com", "icloud.com", "live.com", "outlook.com"),
    *("proton.me", "protonmail.com", "yahoo.com"),
}
"""Domains at which anybody can get an address."""


def _address(value: Any) -> str:
    local, at, domain = text(value).rpartition("@")
    if not (local and at and domain) or "@" in local or "*" in value:
        raise ValueError(f"{value!r} is not an address; write it as anna@example.com")
    return _folded(f"{local}@{domain}")


def _domain(value: Any) -> str:
    domain = _folded(text(value))
    if "." not in domain.strip(".") or any(sign in domain for sign in "@*/ "):
        raise ValueError(f"{value!r} is not a domain; write it as example.com")
    if domain in ANYBODYS:
        raise ValueError(f"anybody can get an address at {domain}; list addresses instead")
    return domain


def _folded(word: str) -> str:
    """Return a word in lower case; other alphabets stay as they are, as some letters look alike."""
    return word.lower() if word.isascii() else word


def _column(value: Any) -> str:
    table, dot, column = text(value).partition(".")
    if not (table and dot and column):
        raise ValueError(f"{value!r} is not a column; write it as table.column")
    return f"{table}.{column}"


def _yes(value: Any) -> bool:
    if value is not True:
        raise ValueError(f"{value!r} is not true; to let nobody in, remove the entry")
    return True


@dataclass(frozen=True)
class Entry:
    """Some people, their role and their teams; exactly one of the first four keys is set."""

    addresses: tuple[str, ...] = key(
        (), list_of(_address, "addresses"), "Email addresses of the people."
    )
    domains: tuple[str, ...] = key(
        (), list_of(_domain, "domains"), "Domains: everyone with an address at one of them."
    )
    groups: tuple[str, ...] = key(
        (), list_of(text, "groups"), "Groups: everyone with one of them in the claim."
    )
    everyone: bool = key(
        default=False, read=_yes, description="True: everyone whom the provider signs in."
    )
    role: Role = key(
        "viewer", one_of(ROLES), "What they may see: viewer (the default), analyst or admin."
    )
    teams: tuple[str, ...] | None = key(
        None,
        list_of(text, "teams"),
        "Names or IDs of the only teams whose rows they see; without this key, all teams.",
    )


PEOPLE = ("addresses", "domains", "groups", "everyone")
"""The keys of an entry that say whom it is about."""


@dataclass(frozen=True)
class Common:
    """What applies to all entries."""

    ask: str = key("", text, "Whom to ask for access, in words; a refused visitor reads it.")
    claim: str = key("groups", text, "Name of the claim that lists a person's groups.")
    unmask: tuple[str, ...] = key(
        (),
        list_of(_column, "columns"),
        "Columns that are no secret although their name or values look like one: table.column.",
    )
    hide: tuple[str, ...] = key(
        (),
        list_of(text, "tables"),
        "Tables that neither the catalog nor the SQL console shows.",
    )


@dataclass(frozen=True)
class Rules:
    """Who may enter: the first entry about a person decides.

    `closed`: a sentence for a refused visitor if the file, rather than the visitor, is at fault.
    """

    common: Common = field(default_factory=Common)
    entries: tuple[Entry, ...] = ()
    closed: str = ""


TABLE = "access"
KEYS = keys(Common)
ENTRY_KEYS = keys(Entry)
ENTRIES = "people"

MISSING = "Nobody may enter yet: [access] is missing in .streamlit/meaux.toml."
MISTAKEN = "An entry of [access] in .streamlit/meaux.toml is invalid and keeps people out."
NOBODY = "Nobody may enter until it is corrected."
NOBODY_MORE = "This entry and those after it let nobody in until it is corrected."


def allowed(claims: Mapping[str, Any], rules: Rules) -> Access:
    """Return what the person with these claims may see; an unknown person may see nothing."""
    who = name_of(claims)
    if isinstance(claims.get("sub"), str) and claims["sub"] and claims.get("is_logged_in", True):
        for entry in rules.entries:
            if _is_about(entry, claims, rules.common.claim):
                return Access(entry.role, entry.teams, who)
    return Access(None, (), who)


def name_of(claims: Mapping[str, Any]) -> str:
    """Return the address of a person, or else the name; empty if the claims have neither."""
    given = (claims.get(name) for name in ("email", "preferred_username", "name", "sub"))
    return next((one for one in given if isinstance(one, str) and one), "")


def _is_about(entry: Entry, claims: Mapping[str, Any], claim: str) -> bool:
    address = _verified_address(claims)
    domain = address.rpartition("@")[2]
    groups = claims.get(claim)
    mine = groups if isinstance(groups, list) else [groups]
    return (
        entry.everyone
        or (bool(address) and address in entry.addresses)
        or (bool(domain) and domain in entry.domains)
        or any(group in entry.groups for group in mine if isinstance(group, str))
    )


def _verified_address(claims: Mapping[str, Any]) -> str:
    """Return the address in lower case; empty if the provider says that it isn't verified."""
    address = claims.get("email")
    if not isinstance(address, str) or claims.get("email_verified", True) not in (True, "true"):
        return ""
    return _folded(address.strip()) if address.count("@") == 1 else ""


def read_rules(given: Mapping[str, Any], file: str) -> tuple[Rules, list[Fault]]:
    """Read `[access]` of a parsed file; return the rules, and its mistakes.

    After an invalid entry, no entry lets anyone in: it may have been about the same person, with a
    lesser role.
    """
    if TABLE not in given:
        return Rules(closed=MISSING), []
    try:
        table = _table(given[TABLE])
        read = _read({n: v for n, v in table.items() if n != ENTRIES}, KEYS, (*KEYS, ENTRIES))
        entries = _list(table.get(ENTRIES, []))
    except _InvalidError as error:
        place = ", ".join(filter(None, [f"[{TABLE}]", error.key]))
        hidden = Common(hide=_hidden(given[TABLE]))
        return Rules(hidden, closed=MISTAKEN), [Fault(file, place, str(error), NOBODY, TABLE)]
    found: list[Entry] = []
    for number, entry in enumerate(entries, start=1):
        try:
            found.append(_entry(entry))
        except _InvalidError as error:
            place = ", ".join(filter(None, [f"[[{TABLE}.{ENTRIES}]] number {number}", error.key]))
            fault = Fault(file, place, str(error), NOBODY_MORE, TABLE)
            return Rules(Common(**read), tuple(found), MISTAKEN), [fault]
    return Rules(Common(**read), tuple(found)), []


def _hidden(table: Any) -> tuple[str, ...]:
    """Return the tables to hide, whatever else is invalid."""
    listed = table.get("hide") if isinstance(table, Mapping) else None
    names = listed if isinstance(listed, list) else [listed]
    return tuple(name for name in names if isinstance(name, str))


class _InvalidError(Exception):
    """Something in `[access]` is invalid; `key` is the invalid key, if it is a single one."""

    def __init__(self, reason: str, key: str = "") -> None:
        super().__init__(reason)
        self.key = key


def _table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _InvalidError("must be a table with keys")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _InvalidError(f"write each entry under its own [[{TABLE}.{ENTRIES}]] line")
    return value


def _read(
    given: Mapping[str, Any], known: Mapping[str, Key], names: tuple[str, ...]
) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for name, value in given.items():
        if name not in known:
            raise _InvalidError(unknown(name, names))
        try:
            read[name] = known[name].read(value)
        except ValueError as error:
            raise _InvalidError(str(error), name) from None
    return read


def _entry(value: Any) -> Entry:
    read = _read(_table(value), ENTRY_KEYS, tuple(ENTRY_KEYS))
    about = [name for name in PEOPLE if name in read]
    if not about:
        raise _InvalidError(f"it names nobody; set one of {', '.join(PEOPLE)}")
    if about[1:]:
        raise _InvalidError(f"{' and '.join(about)} are both set; write one entry for each")
    return Entry(**read)
