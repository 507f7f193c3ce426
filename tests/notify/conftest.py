"""Runs of a delivery: what is found, whom it may be told, and a clock of the test's own."""

from dataclasses import replace

import pytest
from receivers import Mail, Web
from telling import Desk


@pytest.fixture
def web():
    receiver = Web()
    yield receiver
    receiver.stop()


@pytest.fixture
def mail():
    receiver = Mail()
    yield receiver
    receiver.stop()


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path / "state.db")


@pytest.fixture
def two(desk):
    """A desk with two destinations."""
    desk.entries = [replace(desk.entries[0], name=name) for name in ("Ops", "Boss")]
    return desk
