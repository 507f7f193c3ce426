"""The categories of cost: one registry knows them, and nothing else names one."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import meaux
from meaux.charts import colours
from meaux.data import categories
from meaux.data.categories import CATEGORIES, NAMES
from meaux.data.schema import read_model
from meaux.query.queries import QUERIES, VIEWS, categorised, reads

PRODUCT = Path(meaux.__file__).parent
REGISTRY = PRODUCT / "data" / "categories.py"
MODEL = read_model()

AT_HOME = {
    "subjects/people/teams.py": {"Time"},  # the word for hours, by which teams are compared
}
"""Where the word of a category means something else."""

OWN = ("demo/",)
"""The demo writes data, in its own words."""

LISTED = re.compile(
    r"\b(?:time|ai|infrastructure)\b(?:,| and) (?:\w+ and )?\b(?:ai|infra\w*)\b", re.IGNORECASE
)
"""Two categories or more in one sentence."""


def modules():
    files = (file for file in PRODUCT.rglob("*.py") if file != REGISTRY)
    return [file for file in files if not str(file.relative_to(PRODUCT)).startswith(OWN)]


@cache
def texts(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return [text for text in found if isinstance(text, str)]


def name_of(file):
    return str(file.relative_to(PRODUCT))


def test_no_module_but_the_registry_names_a_category():
    words = {*NAMES, *(category.reported for category in CATEGORIES)}
    found = {name_of(file): words & {*texts(file)} for file in modules()}
    assert {name: named for name, named in found.items() if named} == AT_HOME


def test_no_sentence_of_a_module_lists_the_categories():
    listed = {name_of(file): list(filter(LISTED.search, texts(file))) for file in modules()}
    assert {name: found for name, found in listed.items() if found} == {}


@pytest.mark.parametrize("file", reads.FILES, ids=lambda f: f"{f.parent.name} {f.stem}")
def test_no_query_names_a_category(file):
    sql = file.read_text(encoding="utf-8")
    for category in CATEGORIES:
        assert f"'{category.name}'" not in sql
        assert not re.search(rf"\b{category.reported}\b", sql)


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda category: category.name)
def test_a_category_is_fed_by_a_table_that_tells_when_and_how_much(category):
    assert MODEL.has(category.table, category.at)
    assert MODEL.has(category.table, "cost")
    assert category.line in VIEWS


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda category: category.name)
def test_a_line_is_somebodys_only_where_the_table_says_whose(category):
    assert category.personal == MODEL.has(category.table, "person")


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda category: category.name)
def test_the_view_of_its_lines_has_the_columns_that_the_ledger_and_its_rows_read(category):
    lines = re.findall(r"(?m)^    .*\bAS ([a-z_]+),?$", VIEWS[category.line].sql)
    ledger = VIEWS["ledger"].sql
    read = ledger + QUERIES[category.rows].sql
    assert set(lines) == set(re.findall(rf"\b{category.line}\.([a-z_]+)", read))
    assert {"day", "service", "resource", "project", "person", "amount", "unpriced"} <= set(lines)
    assert f"FROM {category.line}" in ledger


def test_no_two_categories_share_a_name_a_table_or_a_colour():
    for field in ("name", "table", "colour"):
        values = [getattr(category, field) for category in CATEGORIES]
        assert len(set(values)) == len(values)


def test_the_colours_of_charts_are_those_of_the_registry():
    assert {name: colours.CATEGORY[name] for name in NAMES} == {
        c.name: c.colour for c in CATEGORIES
    }


def test_a_sentence_lists_them_in_their_order():
    assert categories.IN_WORDS == "time, AI and infrastructure"
    assert categories.PERSONAL_IN_WORDS == "time and AI"


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("x IN ('{personal}')", "x IN ('Time', 'AI')"),
        ("x IN ('{serviced}')", "x IN ('AI', 'Infrastructure')"),
        ("x IN ('{branch: service}')", "x IN ('Infrastructure')"),
        ("x IN ('{leaf: person}')", "x IN ('Time')"),
        ("x IN ('{leaf: nothing}')", "x IN (NULL)"),
        ("x = '{category of ai_usage}'", "x = 'AI'"),
        (
            "reported_day.category_cost AS category_cost",
            (
                "reported_day.time_cost AS time_cost,\n    reported_day.ai_cost AS ai_cost,\n    "
                "reported_day.infrastructure_cost AS infrastructure_cost"
            ),
        ),
        (
            "project_cost.category_cost AS category_cost",
            "project_cost.time_cost AS time_cost,\n    project_cost.ai_cost AS ai_cost",
        ),
    ],
)
def test_what_stands_for_categories_is_written_out(written, spelt):
    assert categorised.written_out(written, MODEL) == spelt


@pytest.mark.parametrize(
    ("entry", "spelt"),
    [
        ("source", ["time_entry", "ai_usage", "infrastructure_usage"]),
        ("personal source", ["time_entry", "ai_usage"]),
        ("source.at", ["time_entry.started", "ai_usage.at", "infrastructure_usage.at"]),
        ("source.resource", ["infrastructure_usage.resource"]),
        ("serviced source.person", ["ai_usage.person"]),
        ("project.name", ["project.name"]),
    ],
)
def test_what_a_header_says_of_every_source_is_said_of_each_that_has_it(entry, spelt):
    assert categorised.entries(entry, MODEL) == spelt
