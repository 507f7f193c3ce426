"""Settings: the database to open, the time zone, and today's date."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote
from zoneinfo import ZoneInfo, available_timezones

from meaux.data import toml
from meaux.data.declared import Key, key, keys
from meaux.errors import SettingError

PROJECT = Path(__file__).resolve().parents[2]
SECRETS_FILE = PROJECT / ".streamlit" / "secrets.toml"
CLOUDFLARE_API = "https://api.cloudflare.com/client/v4"


class Secret:
    """A value that never shows itself in a print, a log, an error, a page or a pickle."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value itself, for the one place that sends it."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Secret(…)" if self._value else "Secret('')"

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is never written down")


NO_SECRET = Secret("")


def web_address(value: str) -> str:
    """Read the start of an address; raise a ValueError for anything else."""
    if not value.startswith(("http://", "https://")):
        raise ValueError("it is not a web address; it must start with https:// or http://")
    return value.rstrip("/")


@cache
def time_zones() -> frozenset[str]:
    """Return the name of every time zone; to look them all up takes as long as a query.

    `Factory` and `localtime` are names of the zone database for what nobody has set.
    """
    return frozenset(available_timezones() - {"Factory", "localtime"})


def _zone(value: str) -> str:
    if value not in time_zones():
        near = difflib.get_close_matches(value, time_zones(), n=1)
        hint = f"; did you mean {near[0]}?" if near else "; use a name such as Europe/Paris"
        raise ValueError(f"{value!r} is not a time zone{hint}")
    return value


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value!r} is not a date; write it as 2026-11-22") from None


_WITH_PASSWORD = re.compile(r"(clickhouses?://[^:/@]*):(.*)(@[^@]*)", re.DOTALL)
_SITE = re.compile(r"https?://(\*\.)?[a-z0-9.-]+(:\d+)?", re.IGNORECASE)


def _sites(value: str) -> str:
    if value in ("none", "self"):
        return f"'{value}'"
    sites = value.split()
    for site in sites:
        if site != "self" and not _SITE.fullmatch(site):
            raise ValueError(f"{site!r} is not a site; use none, self or https://example.com")
    return " ".join("'self'" if site == "self" else site for site in sites)


def _flag(value: str) -> bool:
    if value.lower() not in ("yes", "no"):
        raise ValueError(f"{value!r} must be yes or no")
    return value.lower() == "yes"


def _rows(value: str) -> int:
    number = value.replace("_", "").replace(",", "")
    if not number.isdecimal() or not int(number):
        raise ValueError(f"{value!r} must be a whole number above 0")
    return int(number)


@dataclass(frozen=True)
class Settings:
    """The user's settings."""

    account_id: str = key(
        "", str, "The Cloudflare account that owns the database.", "CLOUDFLARE_ACCOUNT_ID"
    )
    database_id: str = key("", str, "The D1 database to open.", "CLOUDFLARE_DATABASE_ID")
    api_token: Secret = key(
        NO_SECRET, Secret, "An API token with the permission D1 Read.", "CLOUDFLARE_API_TOKEN"
    )
    base_url: str = key(
        CLOUDFLARE_API,
        web_address,
        "Base URL of the D1 API; change it for a local D1 or a proxy.",
        "CLOUDFLARE_API_BASE_URL",
    )
    gateway_key: Secret = key(
        NO_SECRET,
        Secret,
        "The key of the gateway (`worker/`), if `CLOUDFLARE_API_BASE_URL` is its address.",
        "CLOUDFLARE_GATEWAY_KEY",
    )
    database: str = key(
        "",
        str,
        "A SQLite file to open, read-only, instead of D1; or a copy on ClickHouse "
        "(`docs/scale.md`): `clickhouse://user@host:8123/database`.",
        "MEAUX_DATABASE",
    )
    database_password: Secret = key(
        NO_SECRET,
        Secret,
        "The password of that ClickHouse user, if the address has none.",
        "MEAUX_DATABASE_PASSWORD",
    )
    warehouse: Secret = key(
        NO_SECRET,
        Secret,
        "The ClickHouse database that `python -m meaux load clickhouse` fills (`docs/scale.md`): "
        "`clickhouse://user:password@host:8123/database`, or `clickhouses://…` over HTTPS.",
        "MEAUX_WAREHOUSE",
    )
    mirror_file: str = key(
        "data/mirror.db",
        str,
        "File with the rows of D1 that `load` has read so far; relative to the folder of `app.py`.",
        "MEAUX_MIRROR",
    )
    timezone: str = key("UTC", _zone, "Time zone for day boundaries.", "MEAUX_TIMEZONE")
    today: date | None = key(
        None,
        _day,
        "Fixed date for today, for tests and screenshots; ages such as `7 days ago` still count "
        "from the clock.",
        "MEAUX_TODAY",
    )
    frame_ancestors: str = key(
        "'self'",
        _sites,
        "Sites that may embed the dashboard: none, self, or a space-separated list.",
        "MEAUX_FRAME_ANCESTORS",
    )
    metrics: bool = key(
        default=False,
        read=_flag,
        description="Whether `/_stcore/metrics` serves Streamlit's own server metrics to anyone, "
        "or, with sign-in, to admins: yes or no (the default).",
        variable="MEAUX_METRICS",
    )
    rows_a_day: int | None = key(
        None,
        _rows,
        "Number of rows that D1 may read a day (UTC) for this server; then only cached data is "
        "shown. D1 bills rows, and its free plan stops at 5,000,000.",
        "MEAUX_ROWS_A_DAY",
    )
    keys_file: str = key(
        ".streamlit/api_keys.json",
        str,
        "File with the hashes of the API's keys; relative to the folder of `app.py`.",
        "MEAUX_API_KEYS",
    )
    state_file: str = key(
        "data/state.db",
        str,
        "File that remembers which alerts were sent; relative to the folder of `app.py`.",
        "MEAUX_STATE",
    )
    url: str = key(
        "",
        web_address,
        "Address of the dashboard, for the links in messages; without it, they have none.",
        "MEAUX_URL",
    )
    cards_folder: str = key(
        "cards",
        str,
        "Folder with cards of your own (`docs/cards.md`); relative to the folder of `app.py`.",
        "MEAUX_CARDS",
    )
    notes_file: str = key(
        ".streamlit/notes.toml",
        str,
        "File with notes of your own on charts over time (`.streamlit/notes.example.toml`); "
        "relative to the folder of `app.py`.",
        "MEAUX_NOTES",
    )
    save_cards: bool = key(
        default=False,
        read=_flag,
        description="Whether admins may save a card's file from the SQL console into that folder: "
        "yes or no (the default).",
        variable="MEAUX_SAVE_CARDS",
    )
    open_to_all: bool = key(
        default=False,
        read=_flag,
        description="Whether everybody who reaches the server may open the dashboard without "
        "sign-in: yes or no (the default: a database other than the demo answers only this "
        "machine).",
        variable="MEAUX_OPEN",
    )

    @property
    def source(self) -> str:
        """The kind of database to open: `file`, `clickhouse`, `d1` or `demo`."""
        if self.database.startswith("clickhouse"):
            return "clickhouse"
        if self.database:
            return "file"
        return "d1" if self.database_id else "demo"

    def day(self, zone: str) -> date:
        """Return the fixed date, if set, otherwise today in `zone`."""
        return self.today or datetime.now(ZoneInfo(zone)).date()


SETTINGS = keys(Settings)
"""Every setting by name."""

IN_SECRETS = sorted(name for name in SETTINGS if SETTINGS[name].variable.startswith("CLOUDFLARE_"))
"""The settings that the secrets file may also hold: those of D1."""


def read(environ: Mapping[str, str], secrets: Mapping[str, Any]) -> Settings:
    """Read settings from the environment, then from `[connections.meauxos]` of the secrets file.

    Raises:
        SettingError: a value can't be read, a key is unknown, or half of the credentials is set.
    """
    _refuse_unknown(secrets)
    given = {s.name: _value(s, environ, secrets) for s in SETTINGS.values()}
    settings = _without_password(Settings(**given))
    if settings.source == "d1" or settings.api_token or settings.account_id:
        _refuse_halves(settings)
    return settings


def read_one(name: str, environ: Mapping[str, str]) -> Any:
    """Read one setting from the environment, for the server, which starts before any page.

    An invalid setting has its default; every page reports it, as it reads all settings.
    """
    try:
        return _value(SETTINGS[name], environ, {})
    except SettingError:
        return SETTINGS[name].default


def read_secrets(path: Path = SECRETS_FILE) -> Mapping[str, Any]:
    """Read the `[connections.meauxos]` section of a secrets file; empty if there is none.

    Raises:
        SettingError: the file is not valid TOML, or the section is not a table.
    """
    return read_section("connections", "meauxos", path=path)


def read_section(*names: str, path: Path = SECRETS_FILE) -> Mapping[str, Any]:
    """Read a section of a secrets file, such as `collect`; empty if there is none.

    Raises:
        SettingError: the file is not valid TOML, or the section is not a table.
    """
    if not path.is_file():
        return {}
    try:
        parsed = toml.parsed(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingError(f"{path.name} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingError(f"{path.name} is not written in UTF-8; save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        place = str(error).rpartition("(")[2].rstrip(")") or "unknown place"
        raise SettingError(f"{path.name} is not valid TOML ({place}); check the quotes.") from None
    section: Any = parsed
    for name in names:
        section = section.get(name, {}) if isinstance(section, dict) else None
    if not isinstance(section, dict):
        raise SettingError(f"{path.name}: {'.'.join(names)} must be a section with keys.")
    return section


def _value(setting: Key, environ: Mapping[str, str], secrets: Mapping[str, Any]) -> Any:
    place, given = setting.variable, environ.get(setting.variable, "").strip()
    if not given and setting.name in IN_SECRETS:
        place = f"{setting.name} in [connections.meauxos]"
        given = str(secrets.get(setting.name, "")).strip()
    if not given:
        return setting.default
    try:
        return setting.read(given)
    except ValueError as error:
        raise SettingError(f"Invalid setting {place}: {error}.") from None


def _without_password(settings: Settings) -> Settings:
    """Move the password of an address of ClickHouse to its own setting, which is never shown."""
    found = _WITH_PASSWORD.fullmatch(settings.database)
    if found is None:
        return settings
    before, password, after = found.groups()
    return replace(settings, database=before + after, database_password=Secret(unquote(password)))


def _refuse_unknown(secrets: Mapping[str, Any]) -> None:
    for name in secrets:
        if name not in (*IN_SECRETS, "type"):
            use = ", ".join(IN_SECRETS)
            raise SettingError(f"Unknown key {name} in [connections.meauxos]; use {use}.")


def _refuse_halves(settings: Settings) -> None:
    needed = {"database_id": settings.database_id}
    if settings.base_url == CLOUDFLARE_API:
        needed |= {"account_id": settings.account_id, "api_token": settings.api_token.reveal()}
    missing = [SETTINGS[name].variable for name in SETTINGS if not needed.get(name, True)]
    if missing and settings.source not in ("file", "clickhouse"):
        raise SettingError(
            f"To open a D1 database, also set {' and '.join(missing)}. "
            "To open the demo, unset the other CLOUDFLARE_… settings."
        )
