"""The benchmark's table says what was measured, and whether it meets its goal."""

from textwrap import dedent

import pytest

from benchmarks.pages.table import Row, markdown, replaced
from meaux.data.settings import PROJECT

WARM = Row("Home, warm", 45.0, "ms", {"naive": 150.0}, goal=0.3)
COLD = Row("Home, cold", 90.0, "ms", {"bare SQL": 40.0, "empty": 20.0}, goal=1.25)


def test_a_goal_is_for_the_ratio_to_all_that_stands_beside_or_else_for_the_value():
    assert (WARM.ratio, WARM.met) == (pytest.approx(0.3), True)
    assert (COLD.ratio, COLD.met) == (1.5, False)
    assert Row("first page", 1.71, "s", goal=1.7).met is False
    assert Row("first page", 1.7, "s", goal=1.7).met is True


def test_what_is_unknown_or_has_no_goal_is_neither_met_nor_missed():
    assert Row("rows", None, "rows", goal=26_000).met is None
    assert Row("cold", 90.0, "ms", {"naive": 300.0}).met is None


def test_the_table_is_aligned_and_writes_each_value_in_its_unit():
    rows = [WARM, COLD, Row("Home", 25_012, "rows", goal=26_000), Row("visit", None, "MB", goal=2)]
    table = """
        | what       | measured    | beside                       | ratio | goal          | met |
        | ---------- | ----------- | ---------------------------- | ----- | ------------- | --- |
        | Home, warm | 45 ms       | naive 150 ms                 | 0.3   | ≤ 0.3         | yes |
        | Home, cold | 90 ms       | bare SQL 40 ms + empty 20 ms | 1.5   | ≤ 1.25        | no  |
        | Home       | 25,012 rows |                              |       | ≤ 26,000 rows | yes |
        | visit      | unknown     |                              |       | ≤ 2.0 MB      |     |
        """
    assert markdown(rows) == dedent(table).strip()


@pytest.mark.parametrize("part", ["the demo", "a million time entries"])
def test_a_table_takes_the_place_of_the_last_one_in_the_docs(part):
    page = (PROJECT / "docs" / "performance.md").read_text(encoding="utf-8")
    once = replaced(page, part, "| one |")
    twice = replaced(once, part, r"| \1 |")
    assert "| one |" in once
    assert twice == once.replace("| one |", r"| \1 |")


def test_a_page_without_the_marks_is_refused():
    with pytest.raises(ValueError, match="measured: the demo"):
        replaced("# Performance", "the demo", "| one |")
