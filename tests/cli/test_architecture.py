"""The docs tell the structure that stands."""

import importlib
import re

import pytest

import meaux
from meaux.data.settings import PROJECT

PRODUCT = PROJECT / "meaux"
SUBJECTS = PRODUCT / "subjects"
BY_HAND = [
    PROJECT / "README.md",
    PROJECT / "CONTRIBUTING.md",
    PROJECT / "docs" / "architecture.md",
    PROJECT / "docs" / "reliability.md",
    PROJECT / "docs" / "performance.md",
    PROJECT / "docs" / "decisions.md",
]
ARCHITECTURE = BY_HAND[2].read_text(encoding="utf-8")
MOST_AT_THE_TOP = 14

DRAWING = re.search(r"```\n(.*?)```", ARCHITECTURE, re.DOTALL)[1]
ROW = re.compile(r"(?m)^\| `([a-z_.]+)` \|(?:.*\|)? ?(.*?) ?\|$")

FOLDERS = ("meaux", "pages", "tests", "docs", "benchmarks", ".ci", ".streamlit")
PATH = re.compile(rf"`((?:{'|'.join(map(re.escape, FOLDERS))})/[^`\s:]*)`")
MODULE = re.compile(r"`(meaux(?:\.[A-Za-z_0-9]+)+)`")
USERS_OWN = ("meaux.toml", ".streamlit/meaux.toml", ".streamlit/schema.toml")
USERS_OWN += (".streamlit/secrets.toml",)
"""Files that only a user has."""


def table_below(heading):
    """The rows of the first table below a line of the architecture: name, last cell."""
    below = ARCHITECTURE.partition(heading)[2].partition("\n\n")[0]
    return dict(ROW.findall(below))


PARTS = table_below("| part | contents | returns |")
OWN = table_below("| subject | about | modules of its own |")


def names_in(folder):
    """The modules and folders of modules in a folder, and its file of queries."""
    found = [*folder.glob("*.py"), *folder.glob("*.sql"), *folder.glob("*/__init__.py")]
    names = {f.name if f.parent == folder else f.parent.name for f in found}
    return {name.removesuffix(".py") for name in names} - {"__init__", "__main__"}


def test_the_drawing_names_all_that_stands_at_the_top_which_is_little():
    top = names_in(PRODUCT)
    drawn = re.findall(r"(?m)^(?:interface|documents|domain|query|data) *\| (.*)$", DRAWING)
    assert sorted(" ".join(drawn).split()) == sorted(top)
    assert len(top) <= MOST_AT_THE_TOP
    assert set(table_below("| folder | purpose | imported only here |")) == top


def test_the_docs_name_every_module_of_the_interface_once_in_its_folder():
    table = ARCHITECTURE.partition("| folder | about | modules |")[2].partition("\n\n")[0]
    rows = re.findall(r"(?m)^\| (?:`(\w+)` )?\| .*? \| (.*) \|$", table)
    told = [(folder, name) for folder, names in rows for name in re.findall(r"`(\w+)`", names)]
    files = [file.relative_to(PRODUCT / "ui") for file in (PRODUCT / "ui").rglob("*.py")]
    there = [(file.parent.name, file.stem) for file in files if file.stem != "__init__"]
    assert sorted(told) == sorted(there)


def test_the_docs_name_every_subject():
    assert set(OWN) == {f.name for f in SUBJECTS.iterdir() if (f / "__init__.py").is_file()}


@pytest.mark.parametrize("subject", OWN)
def test_a_subject_has_the_parts_of_all_its_own_modules_and_no_others(subject):
    parts = {name.removesuffix(".py") for name in PARTS}
    own = set(re.findall(r"`(\w+)`", OWN[subject]))
    assert names_in(SUBJECTS / subject) - parts == own
    assert not own & parts


@pytest.mark.parametrize("subject", OWN)
def test_a_subject_is_tested_in_a_folder_of_its_name(subject):
    assert [*(PROJECT / "tests" / "subjects" / subject).glob("test_*.py")]


def test_no_tests_are_of_a_subject_that_is_none():
    tests = (PROJECT / "tests" / "subjects").iterdir()
    assert {f.name for f in tests if f.is_dir() and f.name != "__pycache__"} == set(OWN)


def paths_in(page):
    return sorted(set(PATH.findall(page.read_text(encoding="utf-8"))) - set(USERS_OWN))


def modules_in(page):
    return sorted(set(MODULE.findall(page.read_text(encoding="utf-8"))) - set(USERS_OWN))


@pytest.mark.parametrize("page", BY_HAND, ids=lambda page: page.name)
def test_a_path_in_the_docs_leads_somewhere(page):
    for path in paths_in(page):
        if "<" not in path:
            assert (PROJECT / path).exists(), path
        else:
            assert [*PROJECT.glob(re.sub(r"<\w+>", "*", path))], path


@pytest.mark.parametrize("page", BY_HAND, ids=lambda page: page.name)
def test_a_module_in_the_docs_is_one_or_stands_in_one(page):
    for name in modules_in(page):
        assert is_there(name), name


def is_there(name):
    """Whether it is a module, or a name in one."""
    module, _, rest = name.rpartition(".")
    try:
        return bool(importlib.import_module(name))
    except ModuleNotFoundError:
        return module != meaux.__name__ and hasattr(importlib.import_module(module), rest)


def test_what_the_docs_name_is_found():
    assert paths_in(BY_HAND[1])
    assert paths_in(BY_HAND[2])
    assert modules_in(BY_HAND[2])
    assert modules_in(BY_HAND[3])
