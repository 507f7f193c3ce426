"""Services on loopback, and a run that collects from them into a SQLite file."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from functools import partial

import pytest
from collecting import asked, clients_of, run_into
from services import ACCOUNT, NOW, Services, World

from meaux.collect import SOURCES, collect

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
        refuse={}, asked=[], bearers=set(), limit=None, world=World(NOW, DAYS), mismatches=[]
    )
    yield services_of_all
    assert services_of_all.mismatches == []


@pytest.fixture
def clients(services):
    services.pauses = []
    made = clients_of(services, services.pauses)
    yield made
    for client in made.values():
        client.close()


class Filled:
    """A file that was filled from all sources once; no test changes it."""

    def __init__(self, path, world):
        self.world, self.path = world, path
        self.rows = partial(asked, path)
        services = Services(world)
        clients = clients_of(services, [])
        chosen = list(SOURCES.values())
        self.outcomes = collect(run_into(path), chosen, clients, ACCOUNT)
        services.close()


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    return Filled(tmp_path_factory.mktemp("filled") / "filled.db", World(NOW, DAYS))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "filled.db"


@pytest.fixture
def run(path):
    return run_into(path)


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
    return partial(asked, path)


@pytest.fixture
def script(path):
    """Write into the file in plain SQL."""

    def script(sql):
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(f"PRAGMA synchronous = OFF; {sql}")

    return script
