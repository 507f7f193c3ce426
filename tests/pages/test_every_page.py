"""Every page stands, whatever database it meets."""

import json
import logging

import pytest
from altair.vegalite.v6.schema.core import load_schema
from jsonschema.validators import validator_for
from pandas.api.types import is_numeric_dtype

from meaux.query.metrics import DEFINITIONS
from meaux.ui import pages

every_page = pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.title)
every_page_of_numbers = pytest.mark.parametrize(
    "page", [page for page in pages.PAGES if page.filtered], ids=lambda page: page.title
)
"""All but the page about the database itself, which has much to say where there is nothing."""

SUMS_OF_MONEY = {
    metric.label
    for metric in DEFINITIONS.values()
    if metric.unit == "money" and metric.total != "ratio of sums"
}
"""Figures that are written alike: all with cents, or none."""

VEGA_LITE = validator_for(load_schema())(load_schema())

PHONE, NUMBER = 332, 80
"""Pixels of a table on a phone, and of a column with numbers."""

SENT = "s3cr3t-t0ken-nobody-may-see"


def stands(page):
    """The page ran to its end and says nothing of an error."""
    assert page.exceptions == []
    assert page.errors == []
    assert not page.is_closed
    assert page.strip.startswith("Data loaded")


def is_explained(card, title):
    """The card says in a sentence why it shows nothing, and that is no error."""
    assert not card.is_broken, title
    assert not card.is_drawn, title
    assert card.state.endswith((".", "`.")), title


@every_page
def test_a_page_stands_on_the_demo_with_its_title_its_database_and_no_empty_card(open_page, page):
    shown = open_page(page=page)
    stands(shown)
    assert shown.app.title[0].value == page.title
    assert "SQLite file" in shown.app.main.markdown[0].value
    assert [title for title in shown.titles() if not shown.card(title).is_drawn] == []
    assert ("including today so far" in shown.words) == page.filtered
    assert ("Covers the whole database" in shown.words) != page.filtered
    sums = [one.value for label, one in shown.number_cards().items() if label in SUMS_OF_MONEY]
    assert len({"." in written for written in sums}) <= 1, sums


@every_page
def test_every_chart_is_as_vega_lite_wants_it_and_only_numbers_are_shown_as_numbers(
    open_page, page
):
    app = open_page(page=page).app
    for chart in app.get("vega_lite_chart"):
        VEGA_LITE.validate(json.loads(chart.proto.spec))
    for table in app.dataframe:
        for name, column in json.loads(table.proto.columns).items():
            is_shown_as = column.get("type_config", {}).get("type")
            assert is_shown_as != "number" or is_numeric_dtype(table.value[name]), name


@every_page
def test_the_first_number_of_a_table_with_money_is_within_the_width_of_a_phone(open_page, page):
    for table in open_page(page=page).app.dataframe:
        shown = json.loads(table.proto.columns)
        kinds = [shown[str(name)].get("type_config", {}) for name in table.value]
        numbers = [n for n, kind in enumerate(kinds) if kind.get("type") == "number"]
        if any(kind.get("format") == "dollar" for kind in kinds):
            before = [shown[str(name)] for name in table.value][: numbers[0]]
            widths = [column.get("width") or NUMBER for column in before]
            assert sum(widths) + NUMBER <= PHONE, [column["label"] for column in before]


@every_page_of_numbers
def test_a_page_stands_on_sixty_empty_tables_and_every_card_says_so(
    open_page, sixty_empty_tables, page
):
    shown = open_page(sixty_empty_tables, page)
    stands(shown)
    for title in shown.titles():
        is_explained(shown.card(title), title)


@every_page_of_numbers
def test_a_page_stands_on_a_period_in_which_nothing_happened(open_page, page):
    shown = open_page(page=page, period="Custom", days=["2003-03-01", "2003-03-07"])
    stands(shown)
    assert shown.sentence.startswith("1-7 Mar 2003 (UTC), compared with 22-28 Feb 2003")
    assert shown.toasts == []


@every_page
def test_a_page_stands_on_the_five_tables_of_the_mission_alone(open_page, five_tables, page):
    shown = open_page(five_tables, page)
    stands(shown)
    for title in shown.titles():
        card = shown.card(title)
        if not card.is_drawn:
            is_explained(card, title)


@every_page_of_numbers
def test_a_page_stands_on_no_table_at_all_and_no_card_says_that_there_was_nothing(
    open_page, file_of, page
):
    shown = open_page(file_of(), page)
    assert shown.exceptions == []
    assert shown.errors == []
    assert any(words.startswith("This database has no tables yet.") for words in shown.notices)
    for title in shown.titles():
        is_explained(shown.card(title), title)
        # What can't be known is not said to be nothing.
        assert not shown.card(title).state.startswith("No data"), title
    for label in shown.figures():
        assert shown.figure(label).value == "-", label
        assert shown.figure(label).note.endswith("."), label


def test_a_database_of_unknown_tables_says_where_they_can_be_mapped(open_page, file_of):
    shown = open_page(file_of("CREATE TABLE bananas (ripe INTEGER)"))
    assert any("knows none of this database's tables" in words for words in shown.notices)


@every_page
def test_a_page_stands_on_a_d1_that_answers_over_http_and_says_the_same_as_on_a_file(
    open_page, loopback_d1, name_d1, page
):
    on_file = open_page(page=page)
    values = {label: on_file.figure(label).value for label in on_file.figures()}
    name_d1(loopback_d1.url, loopback_d1.token)
    open_page.without_file()
    on_d1 = open_page(None, page)
    stands(on_d1)
    assert "Cloudflare D1" in on_d1.app.main.markdown[0].value
    assert "rows read" in on_d1.strip
    assert {label: on_d1.figure(label).value for label in on_d1.figures()} == values


def is_closed_with_one_sentence(page, words):
    assert page.exceptions == []
    assert page.is_closed
    [sentence] = page.errors
    assert words in sentence
    assert sentence.endswith(".")
    assert "Traceback" not in page.words
    return sentence


@every_page
def test_a_database_that_cannot_be_reached_is_one_sentence_and_a_button(
    open_page, no_d1, name_d1, page
):
    name_d1(no_d1, SENT)
    shown = open_page(None, page)
    is_closed_with_one_sentence(shown, "Can't connect to 127.0.0.1")
    assert shown.figures() == []


def test_try_again_opens_the_page_once_the_database_is_back(open_page, no_d1, loopback_d1, name_d1):
    name_d1(no_d1, loopback_d1.token)
    shown = open_page(None)
    assert shown.is_closed
    name_d1(loopback_d1.url, loopback_d1.token)
    shown.press("Try again")
    stands(shown)


def test_a_bad_token_is_one_sentence_and_stands_nowhere(
    open_page, loopback_d1, name_d1, caplog, capfd
):
    caplog.set_level(logging.DEBUG)
    name_d1(loopback_d1.url, SENT)
    shown = open_page(None)
    is_closed_with_one_sentence(shown, "Cloudflare rejected the API token")
    assert SENT not in shown.words
    assert SENT not in str(shown.app.session_state.to_dict())
    assert SENT not in caplog.text
    assert SENT not in "".join(capfd.readouterr())


def test_a_good_token_stands_nowhere_either(open_page, loopback_d1, name_d1, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    name_d1(loopback_d1.url, loopback_d1.token)
    shown = open_page(None)
    stands(shown)
    assert loopback_d1.token not in shown.words
    assert loopback_d1.token not in str(shown.app.session_state.to_dict())
    assert loopback_d1.token not in caplog.text
    assert loopback_d1.token not in "".join(capfd.readouterr())


def test_a_file_that_is_no_database_is_one_sentence(open_page, tmp_path):
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"SQLite format 3\0" + b"\xff" * 4096)
    sentence = is_closed_with_one_sentence(open_page(broken), "is not a readable SQLite database")
    assert broken.name in sentence


def test_a_file_that_is_not_there_is_one_sentence(open_page, tmp_path):
    missing = tmp_path / "missing.db"
    sentence = is_closed_with_one_sentence(open_page(missing), "the file doesn't exist")
    assert missing.name in sentence
    assert "MEAUX_DATABASE" in sentence


def test_a_setting_that_is_wrong_is_one_sentence_with_its_name(open_page, world):
    world.setenv("MEAUX_TIMEZONE", "Europe/Pariss")
    sentence = is_closed_with_one_sentence(open_page(), "MEAUX_TIMEZONE")
    assert "did you mean Europe/Paris" in sentence


def test_a_day_that_is_none_is_one_sentence_with_the_name_of_the_setting(open_page, world):
    world.setenv("MEAUX_TODAY", "22.11.2026")
    is_closed_with_one_sentence(open_page(), "MEAUX_TODAY")
