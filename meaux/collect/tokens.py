"""Tokens: what `collect` may read and write with; the dashboard's own token only reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from meaux.data.declared import key, keys
from meaux.data.settings import CLOUDFLARE_API, NO_SECRET, Secret, web_address
from meaux.errors import SettingError

OPENAI_API = "https://api.openai.com/v1"
SECTION = "collect"
"""The section of the secrets file."""
ALIASES = {"cloudflare": "CLOUDFLARE_COLLECT_TOKEN"}
"""Other variables for a token; they apply if the first is not set."""


@dataclass(frozen=True)
class Tokens:
    """The tokens, and where the services answer."""

    cloudflare: Secret = key(
        NO_SECRET,
        Secret,
        "The Cloudflare API token of `collect`, with D1 Edit and the permissions of its sources; "
        "`CLOUDFLARE_COLLECT_TOKEN` is another name.",
        "MEAUX_COLLECT_TOKEN",
    )
    openai: Secret = key(
        NO_SECRET, Secret, "An OpenAI admin key, to collect costs.", "OPENAI_ADMIN_KEY"
    )
    database_url: str = key(
        "",
        web_address,
        "Base URL of the D1 API to write to; without it, `CLOUDFLARE_API_BASE_URL`.",
        "MEAUX_COLLECT_DATABASE_URL",
    )
    cloudflare_url: str = key(
        CLOUDFLARE_API,
        web_address,
        "Base URL of the Cloudflare API to collect from.",
        "MEAUX_COLLECT_CLOUDFLARE_URL",
    )
    openai_url: str = key(
        OPENAI_API,
        web_address,
        "Base URL of the OpenAI API to collect from.",
        "MEAUX_COLLECT_OPENAI_URL",
    )


TOKENS = keys(Tokens)
IN_SECRETS = ("cloudflare", "openai")
"""The keys that the secrets file may hold."""


def read(environ: Mapping[str, str], secrets: Mapping[str, Any]) -> Tokens:
    """Read the tokens from the environment, then from `[collect]` of the secrets file.

    Raises:
        SettingError: a value can't be read, or a key is unknown.
    """
    for name in secrets:
        if name not in IN_SECRETS:
            use = " and ".join(IN_SECRETS)
            raise SettingError(f"Unknown key {name} in [{SECTION}] of secrets.toml; use {use}.")
    return Tokens(**{name: _value(name, environ, secrets) for name in TOKENS})


def _value(name: str, environ: Mapping[str, str], secrets: Mapping[str, Any]) -> Any:
    variables = (TOKENS[name].variable, ALIASES.get(name, ""))
    found = [given for one in variables if (given := environ.get(one, "").strip())]
    given = next(iter(found), str(secrets.get(name, "")).strip())
    if not given:
        return TOKENS[name].default
    if name in IN_SECRETS and not (given.isascii() and given.isprintable() and " " not in given):
        raise SettingError(f"Invalid setting {variables[0]}: the token has invalid characters.")
    try:
        return TOKENS[name].read(given)
    except ValueError as error:
        raise SettingError(f"Invalid setting {variables[0]}: {error}.") from None
