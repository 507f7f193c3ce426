"""What people read is plain English: one way to write a value, one word for one thing."""

import ast
import re
from pathlib import Path

import pytest

import meaux
import meaux.subjects
from meaux.query.metrics import DEFINITIONS

SOURCES = Path(meaux.__file__).parent

INSTEAD = {
    "in no total": "left out of all totals",
    "it is used up": "exhausted",
    "by the run rate": "at the current run rate",
    "ahead of pace": "over pace",
    "behind pace": "under pace",
    "of 5 cases": "80% range",
    "whatever the filters say": "regardless of filters",
    "Nothing tells": "… isn't recorded",
    "No .* is known of": "… can't be assigned to",
    "read anew": "refresh or reload",
    "compared days": "comparison period",
    "worked out": "calculated",
    "in per cent": "%",
}
"""Words that people read twice, and what the product says instead."""


@pytest.fixture(scope="module")
def trees():
    """Every module of the product, read."""
    return {
        str(path.relative_to(SOURCES)): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(SOURCES.rglob("*.py"))
    }


@pytest.fixture(scope="module")
def texts(trees):
    """Every text of the product that isn't a docstring, with its module and line."""
    found = []
    for module, tree in trees.items():
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        found += [
            (module, node.lineno, str(node.value))
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and id(node) not in told
        ]
    return found


@pytest.fixture(scope="module")
def formats(trees):
    """Every format in which an f-string writes a value, with its module and line."""
    found = []
    for module, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
                parts = node.format_spec.values
                constants = [part for part in parts if isinstance(part, ast.Constant)]
                found += [(module, node.lineno, str(part.value)) for part in constants]
    return found


def test_a_percentage_is_written_without_a_blank(texts):
    spaced = re.compile(r"\d %(?![\w(%])")
    assert [where for where in texts if spaced.search(where[-1])] == []


def test_days_and_percentages_are_written_by_the_wording_alone(formats):
    own = re.compile(r"%(b|e|-d)|\d%$|^%$")
    found = {where for where in formats if own.search(where[-1])}
    assert {where for where in found if where[0] != "wording.py"} == set()


@pytest.mark.parametrize("words", INSTEAD)
def test_no_text_says_what_people_read_twice(texts, words):
    assert [where for where in texts if re.search(rf"\b{words}\b", where[-1])] == [], INSTEAD[words]


def test_a_ratio_is_defined_by_its_division():
    ratios = [
        metric
        for metric in DEFINITIONS.values()
        if metric.unit == "ratio" or metric.total == "ratio of sums"
    ]
    by = re.compile(r"\b(?<!matched )by\b(?! hand)")
    assert [metric.name for metric in ratios if by.search(metric.definition)] == []
    assert ratios
