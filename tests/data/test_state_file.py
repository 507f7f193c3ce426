"""The state file: private, for one run at a time, and never of a newer version."""

import sqlite3
import stat
from contextlib import closing

import pytest

from meaux.data import state
from meaux.data.settings import Secret, Settings
from meaux.data.state import Alerts, Held
from meaux.errors import StateError

HELD = Held(0, "k", "r", "Error", "s", "", "", True, 1, 1)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "new" / "state.db"


def test_it_is_made_with_its_folder_and_only_its_owner_reads_it(path):
    with state.writing(path) as file, file.step():
        assert Alerts(file.connection).add(HELD) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with state.reading(path) as file:
        assert [one.key for one in Alerts(file.connection).open_findings()] == ["k"]


def test_without_a_file_there_is_nothing_to_read_and_none_is_made(path):
    with state.reading(path) as file:
        assert file is None
    with state.reading(path) as file, state.trying(file) as copy:
        assert Alerts(copy.connection).open_findings() == []
    assert not path.exists()


def test_a_copy_changes_nothing_in_the_file(path):
    with state.writing(path):
        pass
    with state.reading(path) as file, state.trying(file) as copy:
        Alerts(copy.connection).add(HELD)
    with state.reading(path) as file:
        assert Alerts(file.connection).open_findings() == []


def test_a_second_run_says_that_one_is_at_work_and_a_reader_does_not_wait(path, monkeypatch):
    monkeypatch.setattr(state.file, "SECONDS", 0.01)
    with state.writing(path) as file, file.step():
        Alerts(file.connection).add(HELD)
        with pytest.raises(StateError, match="Another run"), state.writing(path):
            pass
        with state.reading(path) as reader:
            assert Alerts(reader.connection).open_findings() == []
    with state.writing(path):
        pass


def broken(file):
    Alerts(file.connection).add(HELD)
    file.connection.execute("no SQL")


def test_a_step_that_fails_leaves_nothing_behind(path):
    with state.writing(path) as file:
        with pytest.raises(StateError), file.step():
            broken(file)
        assert Alerts(file.connection).open_findings() == []


def test_a_newer_schema_is_refused_and_left_alone(path):
    with state.writing(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {state.VERSION + 1}")
    with pytest.raises(StateError, match="written by a newer version"), state.reading(path):
        pass


def test_a_file_that_is_no_database_is_named_without_its_folder(path):
    path.parent.mkdir()
    path.write_text("no database" * 100)
    wrong = pytest.raises(StateError, match=r"^state\.db can't be used: .*MEAUX_STATE")
    with wrong as raised, state.writing(path):
        pass
    assert str(path.parent) not in str(raised.value)


def test_an_address_has_the_same_hash_in_one_file_and_another_one_in_another(path, tmp_path):
    hashes = []
    for one in (path, path, tmp_path / "other.db"):
        with state.writing(one) as file:
            hashes.append(Alerts(file.connection).hash_of(Secret("json://geheim")))
    assert hashes[0] == hashes[1] != hashes[2]


def test_its_place_is_a_setting(tmp_path):
    assert state.path_of(Settings()).parts[-2:] == ("data", "state.db")
    assert state.path_of(Settings(state_file=str(tmp_path / "x"))) == tmp_path / "x"
