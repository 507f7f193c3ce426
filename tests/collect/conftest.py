"""Services on loopback, and a run that collects from them into a SQLite file."""

import sqlite3
from contextlib import closing
from dataclasses import replace

from pathlib import Path

import pytest
from services import ACCOUNT, NOW, OPENAI_KEY, TOKEN, Services, World

from meaux.collect import SOURCES, collect
from meaux.collect.run import Run
from meaux.collect.service import Service
from meaux.collect.target import FileTarget
from meaux.data.schema import read_model
from meaux.data.settings import Secret


DAYS = 40


@pytest.fixture(scope="session")
def services_of_all():
    services = Services(World(NOW, DAYS))
    yield services
    services.close()


@pytest.fixture
def services(services_of_all):
    """The services in order; a test breaks its own."""
    services_of_all.__dict__.update(
        refuse={}, asked=[], bearers=set(), limit=None, world=World(NOW, DAYS)
    )
    return services_of_all


@pytest.fixture
def clients(services):
    """What a run reads the services with; pauses are noted, not made."""
    pauses = []
    made = {
        "cloudflare": Service("Cloudflare", f"{services.url}/client/v4", Secret(TOKEN), pauses.append),
        "openai": Service("OpenAI", services.url, Secret(OPENAI_KEY), pauses.append),
    }
    services.pauses = pauses
    yield made
    for client in made.values():
        client.close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "filled.db"


@pytest.fixture
def run(path):
    return Run(FileTarget(path), read_model(Path("no-such-file.toml")), NOW, create=True)


@pytest.fixture
def collected(run, clients):
    """Collect; sources by name, all without a name; what is given changes the run."""

    def collected(*names, **changes):
        chosen = [SOURCES[name] for name in names] or list(SOURCES.values())
        outcomes = collect(replace(run, **changes), chosen, clients, ACCOUNT)
        return {outcome.source: outcome for outcome in outcomes}

    return collected


@pytest.fixture
def rows(path):
    """Ask the file in plain SQL."""

    def rows(sql, *parameters):
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute(sql, parameters).fetchall()

    return rows


@pytest.fixture
def script(path):
    """Write into the file in plain SQL."""

    def script(sql):
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(sql)

    return script
