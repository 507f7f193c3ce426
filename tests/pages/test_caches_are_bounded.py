"""Every cache has a bound in bytes, whatever is asked: the code is walked for all there are."""

import ast
import functools
import gc
import importlib
import pickle
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FunctionType, ModuleType

import pytest

from meaux.data.database import Fetched, Meta, Rows, in_flight, limits
from meaux.data.settings import PROJECT
from meaux.ui import pages
from meaux.ui.data_page import sql as box
from meaux.ui.loading import cache as answers
from meaux.ui.loading import connection

CODE = [PROJECT / "app.py", *(PROJECT / "meaux").rglob("*.py"), *(PROJECT / "pages").rglob("*.py")]
OF_STREAMLIT = ("cache_data", "cache_resource")
OF_PYTHON = ("cache", "lru_cache")

MOST = 64_000_000
"""What one cache may take, in bytes."""
OPEN_DATABASES = 4


@dataclass(frozen=True)
class Cache:
    """A function whose results are kept: how, and with which limits."""

    file: Path
    function: ast.FunctionDef
    kind: str
    limits: dict[str, ast.expr]

    @property
    def name(self):
        module = ".".join(self.file.relative_to(PROJECT).with_suffix("").parts)
        return f"{module}.{self.function.name}"

    @property
    def parameters(self):
        given = self.function.args
        return [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]

    @property
    def module(self):
        return importlib.import_module(self.name.rpartition(".")[0])

    def limit(self, name):
        """The number that stands for a limit, itself or by its name; None where there is none."""
        told = self.limits.get(name)
        if isinstance(told, ast.Name):
            return getattr(self.module, told.id)
        return None if told is None else ast.literal_eval(told)


@functools.cache
def nodes(file):
    """All nodes of a file's tree."""
    return list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


def caches(file):
    if "cache" not in file.read_text(encoding="utf-8"):
        return
    for function in nodes(file):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in function.decorator_list:
                called = isinstance(decorator, ast.Call)
                kind = _name(decorator.func if called else decorator)
                if kind in (*OF_STREAMLIT, *OF_PYTHON):
                    given = {one.arg: one.value for one in decorator.keywords} if called else {}
                    yield Cache(file, function, kind, given)


def _name(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


FOUND = [cache for file in CODE for cache in caches(file)]
SHARED = [cache for cache in FOUND if cache.kind == "cache_data"]
OPENED = [cache for cache in FOUND if cache.kind == "cache_resource"]
WITHOUT_LIMIT = [cache for cache in FOUND if cache.kind == "cache"]
COUNTED = [cache for cache in FOUND if cache.kind == "lru_cache"]


def named(caches):
    return pytest.mark.parametrize("cache", caches, ids=[cache.name for cache in caches])


def test_caches_are_made_by_decorators_alone():
    """So that the walk finds them all."""
    for file in CODE:
        decorators = {
            id(part)
            for function in nodes(file)
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            for decorator in function.decorator_list
            for part in ast.walk(decorator)
        }
        made = [
            node.lineno
            for node in nodes(file)
            if isinstance(node, ast.Call)
            and _name(node.func) in (*OF_STREAMLIT, *OF_PYTHON)
            and id(node) not in decorators
        ]
        assert made == [], file


@named(SHARED)
def test_what_all_sessions_share_is_bounded_in_bytes(cache):
    assert 0 < cache.limit("max_size") <= MOST
    assert cache.limit("max_entries") > 0


@named(OPENED)
def test_what_is_open_is_bounded_in_number(cache):
    assert 0 < cache.limit("max_entries") <= OPEN_DATABASES


@named(WITHOUT_LIMIT)
def test_a_cache_without_a_limit_keeps_one_value(cache):
    assert cache.parameters == []


@named(COUNTED)
def test_a_cache_of_calls_has_a_largest_number(cache):
    assert cache.limit("maxsize") > 0


@pytest.fixture
def read(empty_caches, world, open_page, full_demo_file):  # noqa: ARG001
    """Open every page of the whole demo; gives what each kept: bytes by statement."""
    kept, keep = {}, answers.keep

    def noted(opened, shelf):
        kept.update({statement: len(pickle.dumps(one)) for statement, one in shelf.items()})
        keep(opened, shelf)

    world.setattr(answers, "keep", noted)
    opened = [open_page(full_demo_file, page) for page in pages.PAGES]
    assert [page.exceptions for page in opened] == [[]] * len(opened)
    receipts = [page.app.session_state["receipt"].fetched for page in opened]
    return [{statement: kept.get(statement, 0) for statement in one} for one in receipts]


def test_the_answers_of_all_pages_fit_fifty_times_and_no_cache_of_calls_grows_large(read):
    assert min(sum(page.values()) for page in read) > 0
    once = {statement: size for page in read for statement, size in page.items()}
    assert 50 * sum(once.values()) <= answers.KEPT_BYTES
    large = {cache.name: size for cache in COUNTED if (size := _at_most(cache)) > MOST}
    assert large == {}


def _at_most(cache):
    """The bytes that a cache of calls takes once it is full, as large as its results now are."""
    function = getattr(cache.module, cache.function.name)
    now = function.cache_info()
    held = [one for one in gc.get_referents(function) if isinstance(one, dict)]
    size = _deep(one for one in held if one is not function.__dict__)
    return size / max(now.currsize, 1) * now.maxsize


def _deep(values):
    """The bytes of some values and of all that they hold, once each."""
    seen, pending, size = set(), list(values), 0
    while pending:
        one = pending.pop()
        if id(one) in seen or isinstance(one, type | ModuleType | FunctionType):
            continue
        seen.add(id(one))
        size += sys.getsizeof(one)
        pending.extend(gc.get_referents(one))
    return size


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (limits.ANSWER_BYTES, answers.KEPT_BYTES),
        (limits.ANSWER_BYTES, connection.KEPT_BYTES),
        (limits.ASKED_BYTES, box.KEPT_BYTES),
    ],
)
def test_the_largest_answer_that_there_may_be_fits_into_its_cache(answer, kept):
    rows = [(f"{number:01000}", number) for number in range(answer // 1_008)]
    largest = Fetched(Rows(("text", "number"), rows, Meta(None, 1.0, "")), datetime.now(UTC))
    assert answer * 0.9 < len(pickle.dumps(largest)) <= kept


def test_failures_are_bounded_in_bytes():
    assert in_flight.FAILURES_KEPT * limits.SQL_BYTES <= MOST
