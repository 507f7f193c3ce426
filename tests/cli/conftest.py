"""The command line, run in this process with settings of the test's own."""

import pytest
from typer.testing import CliRunner

from meaux.cli import app
from meaux.data import plan, settings
from meaux.data.settings import SETTINGS


@pytest.fixture
def environment(monkeypatch):
    """Nothing is set or declared, and no file of this machine is read; a test sets its own."""
    for setting in SETTINGS.values():
        monkeypatch.delenv(setting.variable, raising=False)
    monkeypatch.setattr(settings, "read_secrets", dict)
    monkeypatch.setattr(plan, "read_plan_file", plan.Plan)
    monkeypatch.setenv("MEAUX_TODAY", "2026-11-22")
    return monkeypatch


@pytest.fixture
def meaux(environment):
    """Run a command; returns its exit code, standard output and error stream."""
    runner = CliRunner()

    def meaux(*arguments, **variables):
        for name, value in variables.items():
            environment.setenv(name, str(value))
        return runner.invoke(app, [str(argument) for argument in arguments])

    return meaux


@pytest.fixture(scope="session")
def results():
    """What commands came to that may be asked for again."""
    return {}


@pytest.fixture
def told(meaux, results):
    """What a command says of a database that no test changes; it is run once for all who ask."""

    def told(*arguments, **variables):
        asked = (arguments, *sorted(variables.items()))
        if asked not in results:
            results[asked] = meaux(*arguments, **variables)
        return results[asked]

    return told
