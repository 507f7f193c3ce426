"""Reads: which queries read which logical tables and columns, themselves or through views."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from meaux.data.schema import Model, read_model
from meaux.data.schema.bound import stem
from meaux.query.queries.reader import Block, members_in, tables_in
from meaux.query.queries.registry import QUERIES, VIEWS

KEPT = 2_000
"""How many answers each cache here holds: of every query, table or column there is."""

_BLOCKS: Mapping[str, Block] = {**QUERIES, **VIEWS}


@lru_cache(maxsize=KEPT)
def readers(table: str) -> tuple[str, ...]:
    """List the queries that read a logical table."""
    return tuple(name for name in QUERIES if table in tables(name))


@lru_cache(maxsize=KEPT)
def readers_of_column(table: str, column: str) -> tuple[str, ...]:
    """List the queries that read a logical column."""
    return tuple(name for name in QUERIES if (table, column) in columns(name))


@lru_cache(maxsize=KEPT)
def tables(block: str) -> frozenset[str]:
    """List every table that a query or view reads, the views that it reads included."""
    names = tables_in(_BLOCKS[block].sql)
    return frozenset(names).union(*(tables(name) for name in names if name in VIEWS))


@lru_cache(maxsize=KEPT)
def columns(block: str) -> frozenset[tuple[str, str]]:
    """List every logical table and column that a query or view names, itself or through views."""
    model, sql = _model(), _BLOCKS[block].sql
    named = {(t, stem(c)) for t, c in members_in(sql) if model.has(t)}
    return frozenset(named).union(*(columns(name) for name in tables_in(sql) if name in VIEWS))


@cache
def _model() -> Model:
    return read_model()
