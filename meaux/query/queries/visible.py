"""Visible: the rows that somebody sees who may see some teams only (`Selection.only`).

A row belongs to a team if its project does, or if it names the team itself; sessions and accounts
belong to the teams of their person. A query about members (it filters by `of_members`) takes the
rows of the teams' current members instead, as the team filter does. Rows of no team are nobody's.
Keys of projects, people and teams that aren't visible are replaced by words.

All of it applies to the logical tables, so no query can leave it out. A table whose rows name
neither a project nor a team is treated as missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from meaux.data.schema import Binding, BoundTable
from meaux.data.schema.bound_column import STORED, stem
from meaux.data.schema.columns import FOUND
from meaux.data.schema.identity import OWN, column_of, folded, written

OTHERS = {"team": "Other teams", "project": "Other projects", "person": "Other people"}
"""What stands for a key that isn't visible, by the table that it refers to."""
SEEN = {table: f"visible_{table}" for table in OTHERS}
"""The tables of the visible ids, which the compiler generates."""

OF_PEOPLE = frozenset({"person", "user_session"})
"""The tables whose rows belong to the teams of their person."""
OF_MEMBERS = OF_PEOPLE | {"time_entry", "ai_conversation"}
"""The same in a query about members."""
OF_NOBODY = frozenset({"tracked_hour"})
"""The tables of which no row is shown: only some name a project, and a part of a Worker's requests
would look like all of them."""
RATES = frozenset({"id", "rate", "currency"})
"""What is read of a person who isn't visible: the price of the hours on a visible project."""
PAID = "_rated"
"""The suffix of a person's key before words replace it, to look up a rate."""

Selected = Callable[[BoundTable, Sequence[str]], str]
"""Returns SQL that selects some columns of a table, every row of it."""


def narrowed(binding: Binding, *, members: bool) -> Binding:
    """Return the binding without the tables whose rows belong to no team.

    `members`: whether it is for a query about members.
    """
    kept, lacking = {}, {}
    for name, bound in binding.tables.items():
        if _owners(bound, binding, members=members):
            kept[name] = bound
        else:
            lacking[name] = f"the team of each row in {bound.physical}"
    return replace(binding, tables=kept, passed_over={**binding.passed_over, **lacking})


def discreet(binding: Binding) -> Binding:
    """Return the binding with reasons that quote no value: those are of the whole database."""
    tables = {
        name: replace(bound, unreadable={n: _plainly(why) for n, why in bound.unreadable.items()})
        for name, bound in binding.tables.items()
    }
    passed_over = {name: _plainly(why) for name, why in binding.passed_over.items()}
    return replace(binding, tables=tables, passed_over=passed_over)


def _plainly(reason: str) -> str:
    return reason.partition(FOUND)[0]


def _owners(bound: BoundTable, binding: Binding, *, members: bool) -> dict[str, str]:
    """Return the columns that say whose a row is, each with the table that it refers to."""
    name = bound.logical
    if name in OF_NOBODY:
        return {}
    if name in (OF_MEMBERS if members else OF_PEOPLE):
        own = OWN if name == "person" else "person"
        return {own: "person"} if own in bound.columns and _tells(binding, "team_member") else {}
    if name == "team":
        return {OWN: "team"}
    told = {"team": True, "project": _tells(binding, "project")}
    owned = binding.model.tables[name].columns.keys() & bound.columns.keys()
    return {table: table for table, known in told.items() if known and table in owned}


def _tells(binding: Binding, table: str) -> bool:
    """Return whether a table says to which team its project or person belongs."""
    bound = binding.tables.get(table)
    return bound is not None and "team" in bound.columns


def columns_read(
    used: Mapping[str, Iterable[str]], binding: Binding, *, members: bool
) -> dict[str, list[str]]:
    """Return the used columns of each table, with those that say what is visible."""
    wanted = {"project": [OWN, "team"], "team_member": ["person", "team"]}
    known = {name: read for name, read in wanted.items() if _tells(binding, name)}
    owners = {
        name: _owners(binding.tables[name], binding, members=members)
        for name in used
        if name in binding.tables
    }
    names = dict.fromkeys([*used, *known])
    return {
        name: [*used.get(name, ()), *known.get(name, ()), *owners.get(name, ())] for name in names
    }


def tables(binding: Binding, selected: Selected) -> list[str]:
    """Return SQL for the tables of the visible ids; `:only` is a list of folded names or ids."""
    found = {
        "team": _teams(binding),
        "project": _of_teams(binding, selected, "project", OWN),
        "person": _of_teams(binding, selected, "team_member", "person"),
    }
    return [f"{SEEN[table]} AS MATERIALIZED (\n  {sql}\n)" for table, sql in found.items()]


def _teams(binding: Binding) -> str:
    """Return SQL for the teams that `:only` names; a name that two teams share names neither."""
    bound = binding.tables.get("team")
    if bound is None:
        return "SELECT value AS id FROM json_each(:only)"
    own, rows = bound.columns[OWN].value(), bound.rows(once=False)
    names = [f"SELECT {folded(own)} AS name, {own} AS id, 1 AS is_id FROM {rows}"]
    for by in binding.model.tables["team"].identities:
        column = bound.columns.get(column_of(by))
        if column is not None and by != OWN:
            value = written(by, replace(column, scope="").value())
            names.append(f"SELECT {value} AS name, {own} AS id, 0 AS is_id FROM {rows}")
    ids = "count(DISTINCT id) FILTER (WHERE is_id)"
    return (
        "SELECT coalesce(min(id) FILTER (WHERE is_id), min(id)) AS id FROM (\n  "
        + "\n  UNION ALL ".join(names)
        + "\n  ) WHERE name IN (SELECT value FROM json_each(:only)) AND id IS NOT NULL\n"
        f"  GROUP BY name HAVING coalesce(nullif({ids}, 0), count(DISTINCT id)) = 1"
    )


def _of_teams(binding: Binding, selected: Selected, table: str, id_: str) -> str:
    bound = binding.tables.get(table)
    if bound is None or not _tells(binding, table):
        return "SELECT NULL AS id WHERE 0"
    current = "departed" in bound.columns
    rows = selected(bound, [id_, "team", *(["departed"] if current else [])])
    left = " AND departed IS NULL" if current else ""
    return (
        f"SELECT {id_} AS id FROM ({rows})\n"
        f"  WHERE team IN (SELECT id FROM {SEEN['team']}) AND {id_} IS NOT NULL{left}"
    )


class Veil:
    """What is visible of one logical table: its rows, and the values in them."""

    def __init__(
        self, bound: BoundTable, binding: Binding, columns: Iterable[str], *, members: bool
    ) -> None:
        self._bound, self._model = bound, binding.model
        self._owners = _owners(bound, binding, members=members)
        self._rates = bound.logical == "person" and bool({*map(stem, columns)} & (RATES - {OWN}))

    def rows(self, rows: str, meant: Callable[[str], str]) -> str:
        """Return SQL, for use after FROM, of the visible rows; `meant` is SQL for a key."""
        if self._rates:
            return rows
        columns = self._bound.everything()
        return f"(SELECT {columns} FROM {rows})\n  WHERE {self._is_visible(meant)}"

    def _is_visible(self, meant: Callable[[str], str]) -> str:
        if not self._owners:
            return "0"
        owned = (_seen(meant(column), table) for column, table in self._owners.items())
        return f"({' OR '.join(owned)})"

    def column(self, name: str, sql: str, meant: Callable[[str], str]) -> str:
        """Return SQL for a column as it is shown; `sql` reads it."""
        own = stem(name)
        if self._rates and own not in RATES:
            return f"iif({self._is_visible(meant)}, {sql}, {'1' if name == 'gone' else 'NULL'})"
        logical = self._model.tables[self._bound.logical].columns.get(own)
        referred = self._model.referred(logical) if logical else None
        if referred is None or referred.name not in SEEN or name.endswith(PAID):
            return sql
        if list(self._owners.values()) == [referred.name] and own in self._owners:
            return sql  # only such rows are visible
        if name.removeprefix(own) in STORED:
            return "NULL"
        other = OTHERS[referred.name]
        return (
            f"CASE WHEN {sql} IS NULL OR {_seen(sql, referred.name)} THEN {sql} ELSE '{other}' END"
        )


def _seen(value: str, table: str) -> str:
    return f"{value} IN (SELECT id FROM {SEEN[table]})"
