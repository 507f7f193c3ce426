"""Cards of one's own on the command line: `query` writes their rows, `doctor` checks them."""

import csv
import io
import json

import pytest

from meaux.data.settings import PROJECT

EXAMPLES = PROJECT / "docs" / "cards"


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "mine"
    path.mkdir()
    return path


def test_query_writes_the_rows_of_a_card_in_either_language(meaux, demo_file):
    for name, heads in (
        ("hours_by_weekday", ["Weekday", "Hours (h)"]),
        ("newest_sign_ups", ["Name", "Role", "Country", "Signed up"]),
    ):
        given = {"MEAUX_DATABASE": demo_file, "MEAUX_CARDS": EXAMPLES}
        result = meaux("query", f"cards/{name}.sql", "--limit", 3, **given)
        assert result.exit_code == 0, result.output
        found = list(csv.reader(io.StringIO(result.stdout)))
        assert (found[0], len(found)) == (heads, 4)


def test_query_lists_the_cards_below_the_queries(meaux):
    result = meaux("query", "--list", MEAUX_CARDS=EXAMPLES)
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines if line.startswith("cards/")] == [
        "cards/revenue_by_month.sql",
        "cards/hours_by_weekday.sql",
        "cards/failed_requests_by_route.sql",
        "cards/newest_sign_ups.sql",
        "cards/new_conversations.sql",
    ]


def test_query_says_what_is_wrong_in_a_card(meaux, demo_file, folder):
    (folder / "bad.sql").write_text("SELECT emial FROM users")
    result = meaux("query", "mine/bad.sql", MEAUX_DATABASE=demo_file, MEAUX_CARDS=folder)
    assert result.exit_code != 0
    assert "mine/bad.sql, line 1: there is no column emial; did you mean email?" in result.stderr


def test_doctor_names_the_mistakes_also_those_that_only_the_database_finds(told, demo_file, folder):
    (folder / "good.sql").write_text("SELECT 1 AS one")
    (folder / "bad.sql").write_text("-- chart: pie\nSELECT 1")
    (folder / "refused.sql").write_text("SELECT nosuch(id) AS a FROM users")
    given = {"MEAUX_DATABASE": demo_file, "MEAUX_CARDS": folder}
    result = told("doctor", "--json", **given)
    assert result.exit_code == 1
    faults = {fault["file"]: fault["reason"] for fault in json.loads(result.stdout)["faults"]}
    assert faults.keys() == {"mine/bad.sql", "mine/refused.sql"}
    assert "no such function: nosuch" in faults["mine/refused.sql"]


def test_doctor_finds_nothing_wrong_in_the_examples(told, demo_file):
    result = told("doctor", MEAUX_DATABASE=demo_file, MEAUX_CARDS=EXAMPLES)
    assert result.exit_code == 0, result.output
