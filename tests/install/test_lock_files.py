"""The lock files: every library that is installed, with its version and the hashes of its files."""

import importlib.metadata
import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parent.parent.parent
LOCKS = {"requirements.txt": "requirements.lock", "requirements-dev.txt": "requirements-dev.lock"}
PINNED = re.compile(r"[\w.-]+==[\w.!+]+( ;[^\\]*?)?( +--hash=sha256:[0-9a-f]{64})+")
each_lock = pytest.mark.parametrize("lock", LOCKS.values())
each_pair = pytest.mark.parametrize(("asked", "lock"), LOCKS.items())


def lines(name):
    """What a requirements file asks for, one entry a line, without its comments."""
    text = (PROJECT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith(("#", "-"))]


def locked(name):
    """The versions that a lock file holds for this Python, on this system."""
    found = [Requirement(line.partition(" --hash=")[0]) for line in lines(name)]
    return {
        canonicalize_name(entry.name): str(entry.specifier)
        for entry in found
        if not entry.marker or entry.marker.evaluate()
    }


@each_pair
def test_a_lock_file_holds_what_is_asked_for_by_hand(asked, lock):
    wanted = {canonicalize_name(e.name): str(e.specifier) for e in map(Requirement, lines(asked))}
    assert wanted.items() <= locked(lock).items(), "run `make lock`"


@each_lock
def test_a_lock_file_holds_all_that_its_libraries_need_in_turn(lock):
    held = locked(lock)
    installed = {canonicalize_name(found.name) for found in importlib.metadata.distributions()}
    for name in held.keys() & installed:
        for line in importlib.metadata.requires(name) or ():
            need = Requirement(line)
            if not need.marker or need.marker.evaluate({"extra": ""}):
                version = held[canonicalize_name(need.name)].removeprefix("==")
                assert need.specifier.contains(version, prereleases=True), f"{name} needs {need}"


@each_lock
def test_every_version_is_exact_and_has_hashes_and_no_package_index_is_named(lock):
    assert [line for line in lines(lock) if not PINNED.fullmatch(line.rstrip())] == []
    assert "://" not in (PROJECT / lock).read_text(encoding="utf-8")


def test_tests_run_on_the_versions_that_the_dashboard_runs_on():
    assert locked("requirements.lock").items() <= locked("requirements-dev.lock").items()


def test_make_installs_from_the_lock_files_and_runs_for_this_machine_alone():
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    assert re.findall(r"\$\(PIP\) (.+)", makefile) == [
        "--require-hashes -r requirements.lock",
        "--require-hashes -r requirements-dev.lock",
    ]
    [run] = re.findall(r"streamlit run .+", makefile)
    assert "--server.address=127.0.0.1" in run
