"""How tests collect: with clients of the services on loopback, into a file or a D1."""

import sqlite3
from contextlib import closing
from pathlib import Path

from services import NOW, OPENAI_KEY, TOKEN

from meaux.collect.run import Run
from meaux.collect.service import Service
from meaux.collect.target import FileTarget
from meaux.data.schema import read_model
from meaux.data.settings import Secret

MODEL = read_model(Path("no-such-file.toml"))


def clients_of(services, pauses):
    """What a run reads the services with; pauses are noted, not made."""
    base = services.url
    return {
        "cloudflare": Service("Cloudflare", f"{base}/client/v4", Secret(TOKEN), pauses.append),
        "openai": Service("OpenAI", base, Secret(OPENAI_KEY), pauses.append),
    }


def into(target):
    """A run that fills a database, and makes its tables."""
    return Run(target, MODEL, NOW, create=True)


def run_into(path):
    return into(FileTarget(path))


def asked(path, sql, *parameters):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, parameters).fetchall()


def content(rows):
    """Every row of every table, without the numbers that SQLite gives them."""
    tables = [name for (name,) in rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {}
    for table in tables:
        columns = [row[1] for row in rows(f"PRAGMA table_info({table})")]
        own = [c for c in columns if c != "id" or table in ("cloudflare_workers", "r2_buckets")]
        found[table] = sorted(rows(f"SELECT {', '.join(own)} FROM {table}"), key=repr)
    return found
