"""Secrets: the columns that hold them by name, the values that look like them, hidden tables.

What somebody may see of raw rows is decided here: in previews, in answers of the SQL console and in
the texts of the log. `[access]` in `.streamlit/meaux.toml` names exceptions and hidden tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from meaux.data.schema.catalog import Catalog, PhysicalTable

MASK = "•••"
"""What stands for a secret."""

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


SECRET = _words(
    "password passwords passwd passphrase pwd passcode secret secrets cookie cookies credential "
    "credentials jwt otp totp hotp salt apikey apikeys bearer mnemonic privatekey"
)
"""Words that name a secret."""
OF_KEYS = _words(
    "api access secret private encryption signing signature auth master service license licence "
    "webhook stream ssh gpg pgp hmac aes rsa app client deploy recovery admin"
)
"""Words that, before `key`, name a secret; `primary`, `object` or `cache` don't."""
OF_TOKENS = _words("access refresh auth api session device push csrf reset bearer id")
"""Words that, before `tokens`, name secrets; other tokens are counted."""
OF_HASHES = SECRET | OF_TOKENS | frozenset({"pass", "token", "key", "pin", "code", "user"})
"""Words that, before `hash`, name a secret; `content`, `git` or `file` don't."""
OF_CODES = frozenset({"backup", "recovery", "verification", "reset", "otp", "auth"})
"""Words that, before `code`, name a secret; `country` doesn't."""
VALUES = _words("value values text plain plaintext hash hashed digest encrypted enc raw b64")
"""Words that may follow a secret's name."""
ABOUT = _words(
    "count counts used limit limits budget type types kind at on by date time expires expiry "
    "expiration expired ttl age length size name names label version status state enabled disabled "
    "required changed updated created rotated set source provider algorithm algo method policy "
    "valid visible cost price spend usage in out per total max min id"
)
"""Last words of a column that describes a secret without containing it."""
FLAGS = frozenset({"is", "has", "requires", "needs", "uses", "use", "total", "max", "min", "num"})
"""First words of such a column."""

LONG = 40
"""Characters from which hexadecimal digits or base64 look like a secret; a UUID has 36."""
_SURELY = r"""
    \beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?
  | \$(?:2[abxy]|argon2(?:id?|d)|pbkdf2[\w-]*|scrypt|[156])\$[^\s"']{8,}
  | -----BEGIN\ [A-Z ]*PRIVATE\ KEY-----[\s\S]*
  | \b(?:sk|rk|whsec)[-_](?:live|test|proj|ant)?[-_]?[A-Za-z0-9_-]{16,}
  | \b(?:gh[pousr]|github_pat|glpat|xox[abprs]|dop_v1)[-_][A-Za-z0-9_-]{16,}
  | \b(?:AKIA|ASIA)[A-Z0-9]{16}\b
  | \bAIza[\w-]{30,}
"""
"""JSON web tokens, hashes of passwords, private keys, and keys with a known beginning."""
_LIKELY = rf"""
    (?<![A-Za-z0-9+/_-])(?:0x)?[0-9a-fA-F]{{{LONG},}}(?![A-Za-z0-9+/_-])
  | (?<![A-Za-z0-9+/_.:-])(?=[A-Za-z0-9+/_-]*[a-z])(?=[A-Za-z0-9+/_-]*[A-Z])
    (?=[A-Za-z0-9+/_-]*[0-9])[A-Za-z0-9+/_-]{{{LONG},}}={{0,2}}(?![A-Za-z0-9+/_.-])
"""
"""Long hexadecimal digits and base64; a commit's id is one, too."""
SURELY = re.compile(_SURELY, re.VERBOSE)
LIKELY = re.compile(f"{_SURELY}|{_LIKELY}", re.VERBOSE)


def is_secret(column: str) -> bool:
    """Return whether a column holds a secret, by its name: `apiKey`, but not `primary_key`."""
    words = [word.lower() for word in _PARTS.findall(column)]
    while words and (words[-1] in VALUES - {"hash"} or words[-1].isdigit()):
        words.pop()
    if not words or words[0] in FLAGS or words[-1] in ABOUT:
        return False
    *before, last = ("", *words)
    named = {
        "key": before[-1] in OF_KEYS,
        "keys": before[-1] in OF_KEYS,
        "token": True,
        "tokens": before[-1] in OF_TOKENS,
        "hash": before[-1] in OF_HASHES | {""},
        "code": before[-1] in OF_CODES,
        "codes": before[-1] in OF_CODES,
    }
    return named.get(last, False) or bool(SECRET & {*words})


def without_secrets(text: str, *, surely: bool = False) -> str:
    """Return a text with what looks like a secret masked; with `surely`, no commit's id."""
    return (SURELY if surely else LIKELY).sub(MASK, text)


@dataclass(frozen=True)
class Secrecy:
    """What is masked and hidden of the raw rows of a database.

    `unmask`: columns that are shown, as `table.column`; `hide`: tables. Both in lower case.
    """

    unmask: frozenset[str] = frozenset()
    hide: frozenset[str] = frozenset()

    @staticmethod
    def of(unmask: Iterable[str], hide: Iterable[str]) -> Secrecy:
        """Return what some settings say."""
        return Secrecy(frozenset(map(str.lower, unmask)), frozenset(map(str.lower, hide)))

    def hides(self, table: str) -> bool:
        """Return whether a table is hidden."""
        return table.lower() in self.hide

    def masked(self, table: PhysicalTable) -> frozenset[str]:
        """Return the columns of a table that are masked, in lower case.

        Where one is, so is each generated column: it may be computed from it.
        """
        columns = {n: c for n, c in table.columns.items() if not self.is_shown(table.name, n)}
        named = frozenset(name for name, column in columns.items() if is_secret(column.spelt))
        computed = {name for name, column in columns.items() if column.computed}
        return named | computed if named else named

    def is_shown(self, table: str, column: str) -> bool:
        """Return whether the settings say that a column is no secret."""
        return f"{table}.{column}".lower() in self.unmask

    def shown(self, catalog: Catalog) -> Catalog:
        """Return the catalog without hidden tables."""
        tables = {name: one for name, one in catalog.tables.items() if not self.hides(name)}
        return replace(catalog, tables=tables)

    def cell(self, value: object, table: str, column: str) -> object:
        """Return a cell of a row as it is shown: masked if it looks like a secret."""
        if not isinstance(value, str) or self.is_shown(table, column):
            return value
        return without_secrets(value)
