"""The drawer of what changed: from a figure, a mover or a link, and from it to the rows."""

import pytest

from meaux.ui import pages

FINANCIAL = next(page for page in pages.PAGES if page.title == "Financial analytics")
TIME = next(page for page in pages.PAGES if page.title == "Time tracking")
EVIL = ":red[boo] $x$ [a](javascript:alert(1)) <img src=x onerror=alert(1)>"
ATLAS = "prj_beignet_bot"


@pytest.fixture
def open_money(open_page):
    def open_money(*database, **url):
        return open_page(*database, page=FINANCIAL, **url)

    return open_money


def calls(counting):
    return sum(len(database.calls) for database in counting)


def sentence(page):
    return page.drawer.markdown[0].value.replace("\\", "")


def parts(page):
    return page.drawer.dataframe[0].value


def test_a_figure_opens_what_changed_with_one_call_and_puts_it_into_the_link(open_money, counting):
    page = open_money()
    assert page.drawer is None
    before = calls(counting)
    page.app.button(key="changed cost").click()
    page.run()
    assert page.exceptions == page.errors == []
    assert calls(counting) == before + 1
    assert page.app.query_params["changed"] == "cost"
    assert page.drawer.proto.dialog.title == "What changed: Cost"
    assert sentence(page).startswith("**Cost ")
    table = parts(page)
    assert table["share_of_change"].sum() == pytest.approx(100)
    page.app.get_by_key("split of []").set_value("person")
    page.run()
    assert page.app.query_params["split"] == "person"
    assert parts(page).columns[0] == "Person"
    assert parts(page)["Change"].sum() == pytest.approx(table["Change"].sum())
    assert calls(counting) == before + 1


def test_what_has_no_price_in_either_period_is_counted_once_for_both(open_money, demo_rows):
    [(unpriced,)] = demo_rows(
        "SELECT count(*) FROM time_entries AS e LEFT JOIN users AS u ON u.id = e.user_id"
        " LEFT JOIN projects AS p ON p.id = e.project_id WHERE e.seconds > 0 AND"
        " coalesce(e.cost_usd, e.hourly_rate, u.hourly_rate, p.hourly_rate) IS NULL AND"
        " (date(e.started_at, 'unixepoch') BETWEEN '2026-10-23' AND '2026-11-21'"
        " OR date(e.started_at, 'unixepoch') BETWEEN '2026-09-18' AND '2026-10-17')"
    )
    said = " ".join(one.value for one in open_money(changed="cost").drawer.caption).replace(
        "\\", ""
    )
    assert f"Not in the change: {unpriced} cost entries without a price" in said
    assert "in both periods together." in said


def test_a_part_is_split_again_and_leads_to_its_rows(open_money):
    page = open_money(changed="cost", split="project")
    page.app.get_by_key("within one project of []").set_value(ATLAS)
    page.run()
    assert page.exceptions == page.errors == []
    assert page.app.query_params["within"] == f"project:{ATLAS}"
    assert "Cost of project Beignet Bot" in sentence(page)
    assert "Project" not in parts(page)
    page.app.button(key="rows what it was before").click()
    page.run()
    assert page.drawer.proto.dialog.title == "Rows: Cost"
    assert "changed" not in page.app.query_params
    assert set(parts(page)["project"]) == {"Beignet Bot \N{ROBOT FACE}"}


def test_a_mover_opens_what_changed_in_it(open_money):
    page = open_money()
    movers = page.app.selectbox(key="what changed of Biggest movers")
    page.choose("what changed of Biggest movers", movers.options[0])
    assert page.exceptions == page.errors == []
    assert page.app.query_params["changed"] == "cost"
    assert page.app.query_params["within"].startswith("project:")


@pytest.mark.parametrize(
    ("within", "split"),
    [("nothing:AI", "nothing"), ("days:yesterday", "project"), (f"project:{EVIL}", EVIL)],
)
def test_a_link_with_nonsense_opens_what_it_can(open_money, within, split):
    page = open_money(changed="cost", within=within, split=split)
    assert page.exceptions == page.errors == []
    assert page.drawer is not None


@pytest.mark.parametrize("metric", [EVIL, "billable_ratio"])
def test_a_link_to_no_explained_change_says_so(open_money, metric):
    page = open_money(changed=metric)
    assert page.drawer is None
    assert "isn't explained" in page.toasts[0].replace("\\", "")
    assert "changed" not in page.app.query_params


def test_what_can_not_be_compared_says_why(open_money):
    page = open_money(changed="cost", compare="none")
    assert page.exceptions == page.errors == []
    assert "compared with nothing" in page.drawer.info[0].value


def test_the_table_has_every_part_and_a_hint_names_the_keys_that_choose_one(open_money):
    page = open_money(changed="cost", split="project")
    table = parts(page)
    assert table["share_of_change"].sum() == pytest.approx(100)
    assert not any(name.startswith("All other") for name in table["Project"])
    assert any("Shift and Space" in caption.value for caption in page.drawer.caption)


def test_a_part_that_can_not_be_split_leads_to_its_rows(open_page):
    day = "days:2026-11-13..2026-11-13"
    team = next(page for page in pages.PAGES if page.title == "Team performance")
    page = open_page(page=team, changed="signups", within=day)
    assert page.exceptions == page.errors == []
    assert sentence(page).startswith("**Recent signups of 13 Nov")
    assert not page.drawer.dataframe
    assert page.app.button(key="rows what changed")


def test_people_who_came_or_left_are_named_without_rows(open_page):
    home = next(page for page in pages.PAGES if page.title == "Home")
    page = open_page(page=home, changed="active_users", period="Last 7 days")
    assert page.exceptions == page.errors == []
    assert parts(page).columns[0] == "Person"
    assert not [one for one in page.app.button if one.key == "rows what changed"]


def test_what_is_not_in_the_change_is_counted_by_its_reason(open_page):
    page = open_page(page=TIME, changed="hours")
    captions = [caption.value.replace("\\", "") for caption in page.drawer.caption]
    left_out = "Not in the change: 1 time entry with a negative duration, in both periods together."
    assert any(left_out in caption for caption in captions)
