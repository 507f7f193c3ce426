"""What people read is plain English: one way to write a value, one word for one thing."""

import ast
import re
from pathlib import Path

import pytest

import meaux
import meaux.subjects
from meaux.query.metrics import DEFINITIONS

SOURCES = Path(meaux.__file__).parent
TREES = {
    str(path.relative_to(SOURCES)): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(SOURCES.rglob("*.py"))
}

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


def texts():
    """Every text of the product that isn't a docstring, with its module and line."""
    for module, tree in TREES.items():
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and id(node) not in told:
                yield module, node.lineno, str(node.value)


def formats():
    """Every format in which an f-string writes a value, with its module and line."""
    for module, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
                for part in node.format_spec.values:
                    if isinstance(part, ast.Constant):
                        yield module, node.lineno, str(part.value)


TEXTS = list(texts())


def test_a_percentage_is_written_without_a_blank():
    spaced = re.compile(r"\d %(?![\w(%])")
    assert [where for where in TEXTS if spaced.search(where[-1])] == []


def test_days_and_percentages_are_written_by_the_wording_alone():
    own = re.compile(r"%(b|e|-d)|\d%$|^%$")
    found = {where for where in formats() if own.search(where[-1])}
    assert {where for where in found if where[0] != "wording.py"} == set()


@pytest.mark.parametrize("words", INSTEAD)
def test_no_text_says_what_people_read_twice(words):
    assert [where for where in TEXTS if re.search(rf"\b{words}\b", where[-1])] == [], INSTEAD[words]


@pytest.mark.parametrize("metric", DEFINITIONS.values(), ids=DEFINITIONS)
def test_a_ratio_is_defined_by_its_division(metric):
    if metric.unit == "ratio" or metric.total == "ratio of sums":
        assert not re.search(r"\b(?<!matched )by\b(?! hand)", metric.definition)
