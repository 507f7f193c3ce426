"""Keys of the API: made once, kept as hashes, checked in constant time.

A key has 256 random bits. Nobody can guess one, or find it from its hash, however fast the hash is:
a slow hash, as for passwords, would only slow down each request.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from meaux.data.access import ROLES, Access, Role
from meaux.data.readers import list_of, one_of, text
from meaux.data.settings import PROJECT, Settings
from meaux.errors import SettingError

PREFIX = "meaux_"
"""The beginning of every key, by which scanners and people recognise one."""
RANDOM_BYTES = 32
LONGEST_NAME = 60
PRIVATE = 0o600


@dataclass(frozen=True)
class StoredKey:
    """A key as the file holds it: `hash` is the SHA-256 of the key; `created` is a time in UTC."""

    name: str
    hash: str
    role: Role
    teams: tuple[str, ...] | None
    created: str

    @property
    def access(self) -> Access:
        """What the key may see."""
        return Access(self.role, self.teams, self.name)


def path_of(settings: Settings) -> Path:
    """Return the file of the keys."""
    return PROJECT / settings.keys_file


def read(path: Path) -> tuple[StoredKey, ...]:
    """Return all keys; none without a file.

    Raises:
        SettingError: the file can't be read, or an entry is invalid; then no key is valid.
    """
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["keys"]
        return tuple(_key(entry) for entry in entries)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise SettingError(f"{path.name} can't be read: {error.strerror}.") from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise SettingError(f"{path.name} is not a valid file of keys; make new keys.") from None


def _key(entry: Any) -> StoredKey:
    teams = entry["teams"]
    return StoredKey(
        text(entry["name"]),
        text(entry["hash"]),
        one_of(ROLES)(entry["role"]),
        None if teams is None else list_of(text, "teams")(teams),
        text(entry["created"]),
    )


def new(
    path: Path, name: str, role: Role = "viewer", teams: Iterable[str] = (), now: str = ""
) -> str:
    """Make a key, store its hash, and return it: it can't be read again.

    Raises:
        SettingError: the name is empty, too long or taken, or the file can't be read or written.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise SettingError(f"A key needs a name of 1 to {LONGEST_NAME} printable characters.")
    held = read(path)
    if any(one.name == name for one in held):
        raise SettingError(f"There is already a key named {name}; revoke it or use another name.")
    made = f"{PREFIX}{secrets.token_urlsafe(RANDOM_BYTES)}"
    created = now or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    stored = StoredKey(name, digest(made), role, tuple(dict.fromkeys(teams)) or None, created)
    _write(path, [*held, stored])
    return made


def revoke(path: Path, name: str) -> None:
    """Remove a key.

    Raises:
        SettingError: there is no such key, or the file can't be read or written.
    """
    held = read(path)
    kept = [one for one in held if one.name != name]
    if len(kept) == len(held):
        raise SettingError(f"There is no key named {name}; `key list` lists them.")
    _write(path, kept)


def found(
    token: str,
    held: Iterable[StoredKey],
    same: Callable[[str, str], bool] = hmac.compare_digest,
) -> StoredKey | None:
    """Return the key that a token is; every stored hash is compared, whichever matches."""
    hashed = digest(token)
    matching = [one for one in held if same(one.hash, hashed)]
    return matching[0] if matching else None


def digest(token: str) -> str:
    """Return the hash of a key."""
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def _write(path: Path, held: Iterable[StoredKey]) -> None:
    """Replace the file at once, so that nobody reads half of it; only its owner can read it."""
    content = json.dumps({"keys": [asdict(one) for one in held]}, indent=2, ensure_ascii=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(f"{content}\n")
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(PRIVATE)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise SettingError(f"{path.name} can't be written: {error.strerror}.") from None
