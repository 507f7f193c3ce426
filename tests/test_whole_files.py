"""Tests that share something dear run in one worker."""

from workers import COPIES, FOLDERS, WRANGLER, shared_by

from meaux.data.settings import PROJECT


def test_the_folders_that_share_a_server_are_there():
    assert all((PROJECT / folder).is_dir() for folder in FOLDERS)


def test_tests_of_a_file_run_together_and_those_of_a_shared_server_as_a_folder():
    assert shared_by("tests/pages/test_calls.py::test_a[Home]") == "tests/pages/test_calls.py"
    assert shared_by("tests/browser/test_pages.py::test_a") == "tests/browser"


def test_folders_that_run_wrangler_run_in_one_worker():
    assert {shared_by(f"{folder}/test_a.py::test_a") for folder in WRANGLER} == {WRANGLER[0]}


def test_long_tests_are_spread_but_for_those_of_one_server():
    long = "tests/pages/faults/test_faults_on_pages.py::test_a[x::y]"
    assert shared_by(long, is_long=True) == long
    assert shared_by("tests/endurance/test_bombs.py::test_a", is_long=True) == "tests/endurance"


def test_files_that_read_the_same_copy_run_in_one_worker():
    assert {shared_by(f"{file}::test_a") for file in COPIES} == {COPIES[0]}
    assert all((PROJECT / file).is_file() for file in COPIES)
