"""Askers: which pages ask which queries, read from the code of the pages themselves.

A page names what it loads as `queries.NAME`, itself or in a function of the product that it uses.
So names are followed from the page's script through the modules, and nobody has to keep a list.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from meaux.queries import QUERIES, VIEWS
from meaux.queries.reader import Block, logical_column, members_in, tables_in
from meaux.schema import Model, read_model
from meaux.settings import PROJECT

FOLDER = PROJECT / "pages"
KEPT = 2_000
"""How many answers each cache here holds: of every query, table, column or module there is."""

Name = tuple[str, str]
"""A module, and a name in it; or a table, and a column of it."""

_BLOCKS: Mapping[str, Block] = {**QUERIES, **VIEWS}


@dataclass(frozen=True)
class Page:
    """A page by the title that its script begins with, and every query that it may ask."""

    title: str
    script: str
    queries: tuple[str, ...]


@dataclass(frozen=True)
class _Module:
    """A module's code: what is defined at its top, and what the names that it imports mean."""

    name: str
    tree: ast.Module
    definitions: Mapping[str, ast.AST]
    imports: Mapping[str, Name]


@cache
def pages() -> tuple[Page, ...]:
    """Every page, by folder and script."""
    found = tuple(map(_page, sorted(FOLDER.glob("*/*.py"))))
    # The trees of all the code are large, and have told what they had to tell.
    _uses.cache_clear()
    _module.cache_clear()
    return found


def pages_of(queries: Iterable[str]) -> tuple[str, ...]:
    """The titles of the pages that may ask one of some queries."""
    wanted = set(queries)
    return tuple(page.title for page in pages() if wanted.intersection(page.queries))


@lru_cache(maxsize=KEPT)
def of_table(table: str) -> tuple[str, ...]:
    """The queries that read a logical table."""
    return tuple(name for name in QUERIES if table in tables(name))


@lru_cache(maxsize=KEPT)
def of_column(table: str, column: str) -> tuple[str, ...]:
    """The queries that read a logical column."""
    return tuple(name for name in QUERIES if (table, column) in columns(name))


@lru_cache(maxsize=KEPT)
def tables(block: str) -> frozenset[str]:
    """Every table that a query or view reads, itself or through views, the views included."""
    names = tables_in(_BLOCKS[block].sql)
    return frozenset(names).union(*(tables(name) for name in names if name in VIEWS))


@lru_cache(maxsize=KEPT)
def columns(block: str) -> frozenset[Name]:
    """Every logical table and column that a query or view names, itself or through views."""
    model, sql = _model(), _BLOCKS[block].sql
    named = {(t, logical_column(model, t, c)) for t, c in members_in(sql) if model.has(t)}
    return frozenset(named).union(*(columns(name) for name in tables_in(sql) if name in VIEWS))


@cache
def _model() -> Model:
    return read_model()


def _page(script: Path) -> Page:
    module = _read(script, "")
    title = (ast.get_docstring(module.tree) or script.stem).partition(":")[0]
    return Page(title, str(script.relative_to(FOLDER)), tuple(sorted(_queries(module))))


def _queries(page: _Module) -> set[str]:
    """The queries that a page names, itself or in what it uses."""
    seen: set[Name] = set()
    pending = set(_named(page.tree, page))
    while pending:
        seen |= pending
        pending = {name for used in pending for name in _uses(used)} - seen
    return {name for module, name in seen if module == "meaux.queries" and name in QUERIES}


@lru_cache(maxsize=KEPT)
def _uses(name: Name) -> frozenset[Name]:
    """Each name, of its own module or of another, that is used in what a name stands for."""
    module = _module(name[0])
    if module is None:
        return frozenset()
    if name[1] in module.imports:
        return frozenset({module.imports[name[1]]})
    code = module.definitions.get(name[1])
    return frozenset(_named(code, module)) if code else frozenset()


def _named(code: ast.AST, module: _Module) -> Iterator[Name]:
    for node in ast.walk(code):
        match node:
            case ast.Attribute(ast.Name(base), name) if base in module.imports:
                yield ".".join(module.imports[base]), name
            case ast.Name(name) if name in module.imports:
                yield module.imports[name]
            case ast.Name(name) if name in module.definitions:
                yield module.name, name


@lru_cache(maxsize=KEPT)
def _module(name: str) -> _Module | None:
    """A module of the product; None for any other."""
    path = PROJECT.joinpath(*name.split("."))
    file = next(filter(Path.is_file, [path.with_suffix(".py"), path / "__init__.py"]), None)
    return _read(file, name) if file and name.startswith("meaux") else None


def _read(file: Path, name: str) -> _Module:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    imports = {
        alias.asname or alias.name: (node.module or "", alias.name)
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return _Module(name, tree, dict(_defined(tree)), imports)


def _defined(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """What stands at the top of a module, by name."""
    for node in tree.body:
        match node:
            case ast.FunctionDef(name) | ast.ClassDef(name):
                yield name, node
            case ast.Assign([ast.Name(name)]) | ast.AnnAssign(ast.Name(name)):
                yield name, node
