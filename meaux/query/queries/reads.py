"""Reads: every query and view, read once from the `.sql` files, and the tables that each reads.

A query reads logical tables and columns directly, or through views.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from meaux.data.schema import read_model
from meaux.data.schema.bound_column import stem
from meaux.query.queries.reader import Block, members_in, parameters_in, read_files, tables_in

_HERE = Path(__file__).parent
_SUBJECTS = _HERE.parents[1] / "subjects"

FILES = [*sorted(_HERE.glob("*.sql")), *sorted(_SUBJECTS.glob("*/queries.sql"))]
"""The files with queries; those without a subject are next to this file."""

_MODEL = read_model()
QUERIES, VIEWS = read_files(FILES, _MODEL)

KEPT = 2_000
"""The number of answers that each cache here holds: enough for every query, table or column."""

_BLOCKS: Mapping[str, Block] = {**QUERIES, **VIEWS}


@lru_cache(maxsize=KEPT)
def readers(table: str) -> tuple[str, ...]:
    """List the names of the queries that read a logical table."""
    return tuple(name for name in QUERIES if table in tables(name))


@lru_cache(maxsize=KEPT)
def readers_of_column(table: str, column: str) -> tuple[str, ...]:
    """List the queries that read a logical column."""
    return tuple(name for name in QUERIES if (table, column) in columns(name))


@lru_cache(maxsize=KEPT)
def tables(block: str) -> frozenset[str]:
    """List every table that a query or view reads, directly or through views."""
    names = tables_in(_BLOCKS[block].sql)
    return frozenset(names).union(*(tables(name) for name in names if name in VIEWS))


@lru_cache(maxsize=KEPT)
def parameters(block: str) -> frozenset[str]:
    """List every parameter of a query or view, including those of the views that it reads."""
    return parameters_of(_BLOCKS[block])


@lru_cache(maxsize=KEPT)
def parameters_of(block: Block) -> frozenset[str]:
    """List the same of a block, which may be in no file."""
    views = (name for name in tables_in(block.sql) if name in VIEWS)
    return parameters_in(block.bare).union(*map(parameters, views))


@lru_cache(maxsize=KEPT)
def columns(block: str) -> frozenset[tuple[str, str]]:
    """List every logical table and column that a query or view reads, directly or through views."""
    sql = _BLOCKS[block].sql
    named = {(t, stem(c)) for t, c in members_in(sql) if _MODEL.has(t)}
    return frozenset(named).union(*(columns(name) for name in tables_in(sql) if name in VIEWS))
