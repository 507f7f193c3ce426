"""Pages as somebody sees them who may see one team only: no mark of another team anywhere."""

import io

import one_team
import openpyxl
import pytest

from meaux.data.access import Access
from meaux.data.database import Statement
from meaux.errors import DatabaseError
from meaux.query import export, queries
from meaux.query.answers import Ask
from meaux.ui import pages, visitor
from meaux.ui.loading import data

TABS = {
    "Resource usage": ("Workers", "Storage", "AI"),
    "Operations": ("Workflows", "Email", "Events"),
}
VIEWS = [
    (page, tab) for page in pages.PAGES if page.filtered for tab in TABS.get(page.title, ("",))
]
every_view = pytest.mark.parametrize(
    ("page", "tab"), VIEWS, ids=[f"{page.title} {tab}".strip() for page, tab in VIEWS]
)

PLAN = f"""
[[budgets]]
name = "Company {one_team.MARK}"
scope = "total"
monthly = {one_team.NUMBER}

[[budgets]]
name = "AI {one_team.MARK}"
scope = "category"
of = "AI"
monthly = {one_team.NUMBER}

[[budgets]]
name = "Client {one_team.MARK}"
scope = "team"
of = "team_client{one_team.MARK}"
monthly = {one_team.NUMBER}

[[budgets]]
name = "Cafe {one_team.MARK}"
scope = "project"
of = "prj_cafe_etoile{one_team.MARK}"
monthly = {one_team.NUMBER}

[[budgets]]
name = "Wrong {one_team.MARK}"
scope = "project"
monthly = "{one_team.MARK}"

[[budgets]]
name = "The lab"
scope = "team"
of = "l'atelier d'Idées"
monthly = 5000

[allowances]
ai_tokens = {one_team.NUMBER}
workers_requests = {one_team.NUMBER}
"""


@pytest.fixture
def visit(world, declare, open_page, marked_file):
    """Open a page as somebody who may see one team only."""

    def visit(page, only=one_team.GIVEN, file=marked_file, **url):
        declare(PLAN)
        world.setattr(visitor, "current", lambda: Access("analyst", only))
        return open_page(file, page, lifetime=True, **url)

    return visit


def signs(words):
    """What of another team stands in some words."""
    return [sign for sign in (one_team.MARK, "7654321", "7,654,321", "$7.65M") if sign in words]


def files(page):
    """What the page's files hold: a CSV for each card, and the workbook."""
    taken = page.app.session_state["receipt"]
    yield from (export.csv(sheet.frame, str).decode() for sheet in taken.sheets.values())
    book = openpyxl.load_workbook(io.BytesIO(page.workbook))
    yield "\n".join(str(cell.value) for sheet in book for row in sheet for cell in row)


@every_view
def test_a_page_and_its_files_show_no_other_team(visit, page, tab):
    shown = visit(page, **({"tab": tab} if tab else {}))
    assert shown.exceptions == []
    assert shown.errors == []
    assert signs(shown.words) == []
    assert [signs(words) for words in files(shown) if signs(words)] == []


@every_view
def test_every_number_is_that_of_a_database_with_the_teams_rows_alone(visit, alone_file, page, tab):
    of_tab = {"tab": tab} if tab else {}
    shown, alone = visit(page, **of_tab), visit(page, file=alone_file, **of_tab)
    assert shown.sheets.keys() == alone.sheets.keys()
    assert [t for t in shown.sheets if written(shown.sheets[t]) != written(alone.sheets[t])] == []
    values, expected = (
        {label: figure.value for label, figure in one.number_cards().items()}
        for one in (shown, alone)
    )
    assert values == expected


def written(sheet):
    """The rows of a sheet in an order that doesn't depend on the ids of other teams."""
    in_order = sheet.sort_values(list(sheet.columns), key=lambda column: column.astype(str))
    return in_order.to_csv(index=False, float_format="%.6g")


@pytest.mark.parametrize("page", [page for page in pages.PAGES if page.filtered][:3])
def test_without_a_limit_the_marks_are_seen(visit, page):
    assert one_team.MARK in visit(page, only=None).words


def test_a_link_to_another_teams_project_says_that_it_is_unknown(visit):
    project, name = f"prj_cafe_etoile{one_team.MARK}", f"Café Étoile{one_team.MARK}"
    page = pages.find("Project analytics")
    by_filter, by_drawer = visit(page, project=name), visit(page, open=project)
    assert by_filter.toasts == [f"Unknown project in the link: {name}. It was ignored."]
    assert by_drawer.drawer is None
    assert "is unknown or hidden by the filters" in by_drawer.toasts[0]
    assert signs(by_filter.app.sidebar.multiselect(key="project").options) == []


def test_the_drawer_of_an_own_project_shows_no_other_team(visit):
    page = pages.find("Project analytics")
    [own, *_] = visit(page).sheets["Projects"]["project"]
    shown = visit(page, open=own)
    assert shown.drawer is not None
    assert signs(shown.words) == []


def test_what_no_team_owns_says_so(visit):
    shown = visit(pages.find("Resource usage"), tab="Workers")
    states = [card.state for card in shown.cards().values()]
    assert any(state.startswith("Not for your teams: ") for state in states)
    assert not any("this database" in state for state in states)


def test_the_header_names_the_teams_and_says_if_there_is_none(visit):
    page = pages.find("Time tracking")
    assert visit(page).sentence.endswith("Your teams only: L'ATELIER d'idées and Team of nobody.")
    nothing = visit(page, only=("Nobody's",))
    assert nothing.exceptions == []
    assert "You see nothing: none of your teams is in this database (Nobody's)." in [
        words.replace("\\", "") for words in (w.value for w in nothing.app.warning)
    ]


def test_statements_about_the_whole_database_are_refused(visit):
    visit(pages.find("Time tracking"))
    for ask_for in (lambda one: data.read({"": one}), lambda one: data.run([one])):
        with pytest.raises(DatabaseError, match="Not for your teams"):
            ask_for(Statement("SELECT 1"))


def test_the_page_about_the_database_shows_nothing_of_it(visit):
    for tab in ("Health", "Catalog"):
        shown = visit(pages.find("Data"), tab=tab)
        assert signs(shown.words) == []
    shown = visit(pages.find("Data"), tab="SQL", sql="SELECT * FROM users")
    assert signs(shown.words) == []


def test_a_file_that_is_made_later_is_limited_whatever_was_asked(visit, select):
    page = pages.find("Financial analytics")
    wanted = Ask(queries.billed_lines, select("90d"))
    made = []
    for only in (None, one_team.GIVEN):
        visit(page, only=only)
        made.append(data.later(wanted, lambda found: found.frame.to_csv().encode())().decode())
    everything, own = made
    assert signs(everything)
    assert signs(own) == []
    assert own.count("\n") > 1


def test_people_of_other_teams_are_neither_missing_users_nor_left_out(visit):
    words = visit(pages.find("Team performance")).words
    assert "Other people not found" not in words
    assert "with hours but no team" not in words
