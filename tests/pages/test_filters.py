"""The filters of the sidebar: what the URL says, what is dropped, what Reset clears."""

from urllib.parse import parse_qs, urlsplit

import pytest

from meaux.query.filters import COMPARISONS, GRAINS, PRESETS
from meaux.ui import pages
from meaux.ui.filters import CUSTOM, DEFAULT_PERIOD

PROJECTS = pages.find("Project analytics")
"""A page that is quickly drawn: the sidebar is the same on all."""


@pytest.mark.parametrize(
    ("key", "unknown", "noun"),
    [
        ("period", "Last 7 weeks", "period"),
        ("compare", "Everything", "comparison"),
        ("grain", "Second", "granularity"),
        ("zone", "Mars/Phobos", "time zone"),
        ("team", "Nobody's team", "team"),
        ("project", "No such thing", "project"),
        ("person", "Nemo", "person"),
    ],
)
def test_an_unknown_value_of_the_url_is_dropped_with_a_notice(open_page, key, unknown, noun):
    home = open_page(**{key: unknown})
    assert home.exceptions == []
    assert home.toasts == [f"Unknown {noun} in the link: {unknown}. It was ignored."]
    assert key not in home.app.query_params
    assert home.sentence == open_page().sentence


def test_an_unknown_category_is_dropped_with_a_notice_and_an_empty_value_without(open_page):
    page = open_page(page=pages.find("Financial analytics"), cost_category="Nope", person="")
    assert page.toasts == ["Unknown category in the link: Nope. It was ignored."]
    assert "cost_category" not in page.app.query_params
    assert page.run().toasts == []


def test_the_notice_comes_once(open_page):
    home = open_page(team="Nobody's team")
    assert home.run().toasts == []


def test_known_values_beside_an_unknown_one_stay(open_page):
    home = open_page(team=["Client studio", "Nobody's team"])
    assert len(home.toasts) == 1
    assert home.app.query_params["team"] == "Client studio"
    assert home.app.multiselect(key="team").value == ["Client studio"]


def test_a_very_long_or_evil_value_is_quoted_short_and_escaped(open_page):
    evil = "[click](javascript:alert(1)) " * 40
    home = open_page(team=evil)
    [toast] = [toast.value for toast in home.app.toast]
    assert len(toast) < 300
    assert "\\[click\\]\\(javascript" in toast


@pytest.mark.parametrize(("name", "label"), [(name, label) for name, (label, _) in PRESETS.items()])
def test_every_period_can_be_linked_to_by_its_label_and_as_the_command_line_names_it(
    open_page, name, label
):
    page = open_page(page=PROJECTS, period=label, compare="Nothing")
    assert page.exceptions == page.toasts == []
    assert page.app.selectbox(key="period").value == label
    page = open_page(page=PROJECTS, period=name, compare="none", grain="week")
    assert page.exceptions == page.toasts == []
    chosen = [page.app.selectbox(key=key).value for key in ("period", "compare", "grain")]
    assert chosen == [label, COMPARISONS["none"], GRAINS["week"]]
    assert page.app.query_params.get("period", DEFAULT_PERIOD) == label


def test_days_can_be_linked_to_as_the_command_line_writes_them(open_page):
    page = open_page(page=PROJECTS, period="2026-02-01..2026-02-28")
    assert page.exceptions == page.toasts == []
    assert page.sentence.startswith("1-28 Feb 2026 (UTC), compared with 1-31 Jan 2026.")
    assert page.app.query_params == {"period": CUSTOM, "days": ["2026-02-01", "2026-02-28"]}


def test_the_header_names_what_is_chosen_and_counts_more_than_three(open_page):
    page = open_page(page=PROJECTS, team="Client studio", project=["Gumbo Graph", "Cypress CMS"])
    assert ", team Client studio and projects Cypress CMS and Gumbo Graph only" in page.sentence
    page.choose("project", page.app.multiselect(key="project").options[:4])
    assert ", team Client studio and 4 projects only" in page.sentence


def test_a_link_opens_the_same_view_and_one_keeps_its_dates(open_page):
    page = open_page(page=PROJECTS, period="Last 7 days", team="Client studio")
    view, dated = (parse_qs(urlsplit(link).query) for link in _links(page))
    assert view == {"period": ["Last 7 days"], "team": ["Client studio"]}
    assert dated == view | {"period": [CUSTOM], "days": ["2026-11-15", "2026-11-22"]}
    assert len(_links(open_page(page=PROJECTS, **dated))) == 1


def _links(page):
    fields = page.press("Copy link").app.text_input
    return [field.value for field in fields if field.value.startswith(("http", "?"))]


def test_every_word_of_the_other_filters_can_be_linked_to(open_page):
    for compare in COMPARISONS.values():
        page = open_page(page=PROJECTS, compare=compare)
        assert (page.toasts, page.app.selectbox(key="compare").value) == ([], compare)
    for grain in GRAINS.values():
        page = open_page(page=PROJECTS, grain=grain)
        assert (page.toasts, page.app.selectbox(key="grain").value) == ([], grain)


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (["2026-02-01", "2026-02-28"], "1-28 Feb 2026 (UTC), compared with 1-31 Jan 2026."),
        (["2026-02-28", "2026-02-28"], "28 Feb 2026 (UTC), compared with 21 Feb 2026."),
        ("2026-02-28", "28 Feb 2026 (UTC), compared with 21 Feb 2026."),
        (["2004-12-31", "2005-01-01"], "31 Dec 2004 - 1 Jan 2005 (UTC)"),
    ],
)
def test_days_of_ones_own_stand_in_the_url(open_page, days, sentence):
    page = open_page(page=PROJECTS, period=CUSTOM, days=days)
    assert page.exceptions == []
    assert page.toasts == []
    assert page.sentence.startswith(sentence)


@pytest.mark.parametrize("days", ["yesterday", "2026-02-31", "1970-01-01", "31.01.2026"])
def test_days_that_are_none_are_dropped_with_a_notice(open_page, days):
    home = open_page(period=CUSTOM, days=days)
    assert home.exceptions == []
    assert home.toasts == [f"Unknown dates in the link: {days}. It was ignored."]
    assert home.sentence.startswith("23 Oct - 22 Nov 2026 (UTC)")


def test_the_choice_of_days_appears_with_custom_and_goes_with_it(open_page):
    page = open_page(page=PROJECTS)
    assert not page.app.date_input
    page.choose("period", CUSTOM)
    assert len(page.app.date_input) == 1
    page.choose("period", "Last 7 days")
    assert not page.app.date_input


def test_compare_with_nothing_leaves_no_delta_of_the_period(open_page):
    home = open_page(compare="Nothing")
    assert "compared" not in home.sentence
    for label in ("Active users", "Total time logged"):
        assert (home.figure(label).delta, home.figure(label).versus) == ("", "")
    assert "Comparison period" not in home.card("Cost trend").description
    # The month is always compared with the one before it.
    assert home.figure("This month's cost").versus == "vs 1-21 Oct"


def test_reset_clears_every_filter(open_page):
    page = open_page(
        page=PROJECTS,
        period="Last 7 days",
        compare="Nothing",
        grain="Week",
        zone="Asia/Kolkata",
        team="Client studio",
        project="Gumbo Graph",
        person=open_page(page=PROJECTS).app.multiselect(key="person").options[0],
    )
    assert "(Asia/Kolkata)" in page.sentence
    page.press("Reset filters")
    assert page.exceptions == []
    assert page.sentence == open_page(page=PROJECTS).sentence
    for key, value in (
        ("period", "Last 30 days"),
        ("compare", "Previous period"),
        ("zone", "UTC"),
        ("grain", "Automatic"),
    ):
        assert page.app.selectbox(key=key).value == value
    for key in ("team", "project", "person"):
        assert page.app.multiselect(key=key).value == []
    assert page.app.query_params == {}


def test_reset_clears_days_of_ones_own(open_page):
    page = open_page(page=PROJECTS, period=CUSTOM, days=["2026-02-01", "2026-02-28"])
    page.press("Reset filters")
    assert page.sentence == open_page(page=PROJECTS).sentence
    assert page.app.query_params == {}
    page.choose("period", CUSTOM)
    assert page.sentence.startswith("23 Oct - 22 Nov 2026")


def test_two_teams_of_one_name_stay_apart(open_page, demo_copy):
    twins = demo_copy("UPDATE teams SET name = 'Twins' WHERE id IN ('team_lab', 'team_client')")
    page = open_page(twins, PROJECTS, team="Twins (team_lab)")
    options = page.app.multiselect(key="team").options
    assert {"Twins (team_lab)", "Twins (team_client)"} <= set(options)
    assert page.toasts == []
    lab = page.figure("Total projects").value
    page.choose("team", ["Twins (team_client)"])
    client = page.figure("Total projects").value
    page.choose("team", ["Twins (team_client)", "Twins (team_lab)"])
    assert int(page.figure("Total projects").value) == int(lab) + int(client)
    assert lab != client


def test_a_name_that_looks_like_a_twin_of_another_is_not_taken_for_it(open_page, demo_copy):
    rows = (
        "UPDATE teams SET name = 'Twins' WHERE id IN ('team_lab', 'team_client');"
        "UPDATE teams SET name = 'Twins (team_lab)' WHERE id = 'team_growth';"
    )
    page = open_page(demo_copy(rows), PROJECTS)
    options = page.app.multiselect(key="team").options
    assert len(options) == len(set(options)) == 4


def test_what_is_chosen_in_another_order_is_the_same_question(open_page, counting):
    page = open_page(page=PROJECTS, project=["Gumbo Graph", "Cypress CMS"])
    before = len(counting[0].calls)
    again = open_page(page=PROJECTS, project=["Cypress CMS", "Gumbo Graph"])
    assert len(counting[0].calls) == before
    assert again.figure("Total projects").value == page.figure("Total projects").value


def test_the_empty_state_names_the_period_and_the_filters(open_page):
    home = open_page(period=CUSTOM, days=["2003-03-01", "2003-03-07"], team="Client studio")
    assert home.card("Latest activity").state == (
        "No data for latest activity in 1-7 Mar 2003 for team Client studio. "
        "Choose a longer period or fewer filters."
    )


def test_a_card_that_ignores_the_period_advises_no_longer_one(open_page):
    page = open_page(page=pages.find("Financial analytics"), project="Spillway API")
    assert page.card("Savings opportunities").state == (
        "No data for savings opportunities for project Spillway API. Choose fewer filters."
    )


def test_an_empty_card_names_no_filter_that_it_ignores_and_advises_none_that_is_not_set(open_page):
    page = open_page(
        page=pages.find("Executive overview"),
        period=CUSTOM,
        days=["2003-03-01", "2003-03-07"],
        project="Spillway API",
    )
    said = "No data for {} in 1-7 Mar 2003{}. Choose {}."
    of_all = said.format("recent signups", "", "a longer period")
    assert page.card("Recent signups").state == of_all
    of_project = (
        "cost by category",
        " for project Spillway API",
        "a longer period or fewer filters",
    )
    assert page.card("Cost by category").state == said.format(*of_project)


def test_a_period_in_the_future_is_advised_an_earlier_one(open_page):
    page = open_page(period=CUSTOM, days=["2031-03-01", "2031-03-07"])
    assert page.card("Latest activity").state == (
        "No data for latest activity in 1-7 Mar 2031. Choose an earlier period."
    )


def test_an_empty_day_is_named_as_a_day_and_all_time_can_not_be_longer(open_page):
    page = open_page(period=CUSTOM, days=["2003-03-01", "2003-03-01"])
    assert page.card("Latest activity").state == (
        "No data for latest activity on 1 Mar 2003. Choose a longer period."
    )
    page = open_page(
        page=pages.find("Financial analytics"), period="All", cost_category="Time", service="gpt-4o"
    )
    assert page.card("Cost by category").state == (
        "No data for cost by category for category Time and model or service gpt-4o. "
        "Choose fewer filters."
    )
