"""Address: where a ClickHouse database is, and who signs in, from one setting."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from meaux.data.settings import NO_SECRET, Secret
from meaux.errors import SettingError

PORTS = {"clickhouse": 8123, "clickhouses": 8443}
"""The usual port of each kind of address: over HTTP, and over HTTPS."""
IN_PROCESS = "clickhouse+chdb"
"""The kind of an address that is a folder on this machine: the engine runs in this process."""
EXAMPLE = "clickhouse://user:password@host:8123/database"
DATABASE = "meaux"

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Address:
    """A ClickHouse database.

    `folder` is set instead of the host if the engine runs in this process. `cluster` is the name of
    the cluster whose servers all have the tables; it is `replicated` if its shards have replicas.
    """

    host: str = ""
    port: int = 0
    secure: bool = False
    user: str = ""
    password: Secret = NO_SECRET
    database: str = DATABASE
    cluster: str = ""
    replicated: bool = False
    folder: str = field(default="", kw_only=True)

    @property
    def title(self) -> str:
        """The database and its host, without the user; shown to people."""
        return f"ClickHouse {self.database}" + (f" on {self.host}" if self.host else "")

    @classmethod
    def read(cls, text: str, variable: str) -> Address:
        """Read an address such as `clickhouses://user:password@host:8443/database?cluster=name`.

        Raises:
            SettingError: It is none. The sentence doesn't contain it, because it has the password.
        """
        try:
            parts = urlsplit(text)
            port, host = parts.port, parts.hostname or ""
        except ValueError:
            raise _wrong(variable, "it isn't an address") from None
        asked = parse_qs(parts.query)
        if parts.scheme == IN_PROCESS and parts.path.strip("/"):
            return cls(folder=unquote(parts.path), database=asked.get("database", [DATABASE])[0])
        if parts.scheme not in PORTS or not host:
            raise _wrong(variable, "it isn't an address")
        database = unquote(parts.path.strip("/")) or DATABASE
        cluster = asked.pop("cluster", [""])[0]
        replicated = asked.pop("replicated", ["no"])[0]
        if replicated not in {"yes", "no"} or (replicated == "yes" and not cluster):
            raise _wrong(variable, "replicated is yes or no, and needs a cluster")
        if asked:
            raise _wrong(variable, f"it has an unknown option, {min(asked)}")
        for what, name in {"database": database, "cluster": cluster or DATABASE}.items():
            if not _NAME.fullmatch(name):
                raise _wrong(variable, f"the name of its {what} must be letters and digits")
        return cls(
            host,
            port or PORTS[parts.scheme],
            secure=parts.scheme == "clickhouses",
            user=unquote(parts.username or "default"),
            password=Secret(unquote(parts.password or "")),
            database=database,
            cluster=cluster,
            replicated=replicated == "yes",
        )


def _wrong(variable: str, why: str) -> SettingError:
    return SettingError(f"Invalid setting {variable}: {why}; write it as {EXAMPLE}.")
