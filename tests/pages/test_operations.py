"""Operations: each tab loads alone and says what the tables say; the log turns its pages."""

import json
import re
from datetime import date

import pandas as pd
import pytest

from meaux.query import export
from meaux.query.filters import Selection, preset
from meaux.subjects.events.frames import LOGS, ROWS_A_PAGE
from meaux.ui import dataframe, pages

PAGE = next(page for page in pages.PAGES if page.title == "Operations")
TABS = ("Workflows", "Email", "Events")
OPENING = 2
EVIL = ":red[boo] $x$ **b** [a](javascript:alert(1)) <img src=x onerror=alert(1)>"
FORMULA = "=HYPERLINK(1)"

every_tab = pytest.mark.parametrize("tab", TABS)


@pytest.fixture
def open_tab(open_page):
    def open_tab(tab, *database, **url):
        return open_page(*database, page=PAGE, tab=tab, **url)

    return open_tab


def stands(shown):
    assert shown.exceptions == []
    assert shown.errors == []


def calls(counting):
    return sum(len(database.calls) for database in counting)


# Loading


@every_tab
def test_a_cold_tab_is_one_call_and_a_warm_one_none(open_tab, counting, tab):
    shown = open_tab(tab)
    stands(shown)
    assert calls(counting) == OPENING + 1
    assert "1 database call" in shown.strip
    shown.run()
    assert calls(counting) == OPENING + 1
    assert "cached" in shown.strip
    open_tab(tab)
    assert calls(counting) == OPENING + 1


def test_a_tab_is_loaded_when_it_is_opened_and_the_others_are_not(open_tab, counting):
    shown = open_tab("Workflows", notes="false")
    sent = " ".join(s.sql for call in counting[0].calls[OPENING:] for s in call)
    assert "email_events" not in sent
    assert "audit_log" not in sent
    before = calls(counting)
    for number, tab in enumerate(("Email", "Events"), 1):
        shown.app.session_state["tab"] = tab
        shown.run()
        stands(shown)
        assert calls(counting) == before + number
    shown.app.session_state["tab"] = "Workflows"
    shown.run()
    assert calls(counting) == before + 2
    assert "Runs by outcome" in shown.titles()


def test_the_url_names_the_open_tab(open_tab):
    assert "Runs by outcome" in open_tab("Workflows").titles()
    assert "Email over time" in open_tab("Email").titles()
    assert "Severity over time" in open_tab("Events").titles()


@every_tab
def test_no_statement_of_a_tab_is_sent_twice(open_tab, counting, tab):
    shown = open_tab(tab)
    shown.choose("period", "Last 7 days")
    shown.choose("period", "Last 30 days")
    sent = [s for call in counting[0].calls for s in call]
    assert len(sent) == len(set(sent))


# What stands there


@every_tab
def test_every_card_of_a_tab_is_drawn_on_the_demo_and_every_number_known(
    open_tab, tab, full_demo_file
):
    shown = open_tab(tab, full_demo_file)
    stands(shown)
    assert [title for title in shown.titles() if not shown.card(title).is_drawn] == []
    assert [label for label in shown.figures() if shown.figure(label).value == "-"] == []


@every_tab
def test_every_chart_of_a_tab_says_in_words_what_it_shows(open_tab, tab):
    shown = open_tab(tab)
    for title in shown.titles():
        for chart in shown.card(title).block.get("vega_lite_chart"):
            assert len(json.loads(chart.proto.spec)["description"]) > 40, title


def test_the_workflows_tab_says_what_plain_sql_says(open_tab, demo_rows):
    shown = open_tab("Workflows")
    [(runs, good, ended, failed)] = demo_rows(
        "SELECT count(*), sum(status IN ('success', 'completed')), sum(status <> 'running'),"
        " sum(status = 'failed') FROM workflow_runs WHERE started_at / 1000"
        " BETWEEN unixepoch('2026-10-23') AND unixepoch('2026-11-23') - 1"
    )
    assert shown.figure("Runs").value == str(runs)
    assert shown.figure("Success rate").value == f"{good / ended:.1%}"
    assert shown.figure("Success rate").note == f"{good} of {ended} finished runs succeeded."
    assert shown.figure("Failed runs").value == str(failed)
    assert f"Succeeded: {good} in total" in shown.card("Runs by outcome").description
    assert shown.card("Workflows").table["runs"].sum() == runs


def test_the_email_tab_says_what_plain_sql_says(open_tab, demo_rows):
    shown = open_tab("Email")
    [(sent, delivered, opened)] = demo_rows(
        "SELECT sum(sent), sum(delivered), sum(opened) FROM email_analytics"
        " WHERE date >= '2026-10-23'"
    )
    assert shown.figure("Sent").value == str(sent)
    assert shown.figure("Delivery rate").value == f"{delivered / sent:.1%}"
    assert shown.figure("Open rate").note.startswith(f"Opened: {opened} of {delivered} delivered.")
    assert f"Sent: {sent} in total" in shown.card("Email over time").description
    assert shown.card("Email over time").note == "Source: email_analytics."
    table = shown.card("Email: calculated vs reported").table.set_index("state")
    assert table.loc["Sent", "counted_messages"] == sent
    assert "agree." in shown.card("Email: calculated vs reported").note


def test_the_events_tab_says_what_plain_sql_says(open_tab, demo_rows):
    shown = open_tab("Events")
    since = {
        "system_events": "'2026-10-23'",
        "platform_events": "unixepoch('2026-10-23') * 1000",
        "audit_log": "'2026-10-23'",
        "event_log": "unixepoch('2026-10-23')",
        "error_logs": "'2026-10-23'",
    }
    counts = [
        demo_rows(f"SELECT count(*) FROM {table} WHERE created_at >= {start}")[0][0]
        for table, start in since.items()
    ]
    events = sum(counts)
    assert shown.figure("Events").value == str(events)
    table = shown.card("Log").table
    assert len(table) == min(events, ROWS_A_PAGE)
    assert list(table["logged"]) == sorted(table["logged"], reverse=True)
    assert set(table["log"]) <= set(LOGS)


@pytest.mark.parametrize(
    ("tab", "card", "note"),
    [
        ("Workflows", "Runs by outcome", "Not filtered by person"),
        (
            "Workflows",
            "Workflow cost per day",
            "Not filtered by project or person",
        ),
        ("Workflows", "Recommendations", "Not filtered by project or person"),
        ("Email", "Email over time", "Not filtered by project or person"),
        ("Email", "Email by template", "Not filtered by person"),
        ("Events", "Severity over time", "Project filters apply to Platform events only"),
        ("Events", "Log", "people filters apply to Audit log and Event log only"),
    ],
)
def test_a_card_says_which_of_the_choices_change_nothing_in_it(open_tab, tab, card, note):
    narrowed = open_tab(tab, project="Marais Mailer", person="Zoë Tupelo")
    stands(narrowed)
    assert note in narrowed.card(card).note
    assert "Not filtered" not in open_tab(tab).card(card).note


@pytest.mark.parametrize(
    ("grain", "title", "first"),
    [
        ("Day", "Workflow cost per day", "Fri 23 Oct 2026"),
        ("Week", "Workflow cost per week", "Week of 19 Oct 2026"),
        ("Month", "Workflow cost per month", "Oct 2026"),
    ],
)
def test_the_cost_of_workflows_is_named_by_the_grain_that_it_is_drawn_by(
    open_tab, grain, title, first
):
    card = open_tab("Workflows", grain=grain).card(title)
    assert card.description.startswith(f"Workflow cost, {first} \N{EN DASH} ")


# The log


@pytest.fixture
def open_log(open_tab, full_demo_file):
    """The log of the demo as users see it, of which a month fills many pages."""

    def open_log(**url):
        return open_tab("Events", full_demo_file, **url)

    return open_log


def test_a_page_turn_is_one_call_and_the_way_back_none(open_log, counting):
    shown = open_log()
    newest = shown.card("Log").table
    assert shown.button("Newer").disabled
    before = calls(counting)
    shown.press("Older")
    stands(shown)
    assert calls(counting) == before + 1
    older = shown.card("Log").table
    assert older["logged"].max() <= newest["logged"].min()
    shown.press("Older")
    assert calls(counting) == before + 2
    shown.press("Newer")
    shown.press("Newer")
    assert calls(counting) == before + 2
    assert shown.card("Log").table.equals(newest)
    assert shown.button("Newer").disabled


def test_a_page_turn_asks_the_logs_alone_and_again_only_those_that_were_shown(open_log, counting):
    shown = open_log()
    shown.press("Older")
    turned = counting[0].calls[-1]
    assert 0 < len(turned) <= len(LOGS)
    assert all("LIMIT" in statement.sql and "GROUP BY" not in statement.sql for statement in turned)


def test_the_last_page_has_no_older_one(open_log):
    shown = open_log(period="Last 7 days")
    seen = 0
    while True:
        seen += len(shown.card("Log").table)
        if shown.button("Older").disabled:
            break
        shown.press("Older")
    assert seen == int(shown.figure("Events").value.replace(",", ""))


@pytest.mark.parametrize(
    ("key", "value", "taken"),
    [
        # The newest records of each log are there already.
        ("log", ["Audit log"], 0),
        ("severity", ["Error"], 1),
        ("find", "job", 1),
        ("period", "Last 7 days", 1),
    ],
)
def test_another_choice_begins_at_the_newest_record_and_takes_one_call_at_most(
    open_log, counting, key, value, taken
):
    shown = open_log().press("Older")
    before = calls(counting)
    shown.choose(key, value)
    stands(shown)
    assert calls(counting) == before + taken
    assert shown.button("Newer").disabled


def test_the_url_holds_what_of_the_log_is_shown(open_log):
    shown = open_log(log=["Error log", "Event log"], severity="Error", find="FINISHED")
    table = shown.card("Log").table
    assert set(table["log"]) == {"Event log"}
    assert set(table["severity"]) == {"Error"}
    assert table["message"].str.contains("finished").all()


def test_what_the_url_asks_of_the_log_and_is_not_known_is_dropped_with_a_notice(open_log):
    shown = open_log(log="Diary", severity="Fatal")
    stands(shown)
    assert len(shown.toasts) == 2
    assert shown.card("Log").is_drawn


def test_words_that_nothing_holds_leave_an_empty_log_that_says_so(open_log):
    shown = open_log(find="no such words")
    stands(shown)
    assert shown.card("Log").state.startswith("No events match")
    assert shown.card("Severity over time").is_drawn


def test_the_data_of_the_log_have_the_sql_of_every_log(open_log):
    log = open_log()
    log.data_of("Log")
    log.app.session_state["sql of Log"] = True
    shown = " ".join(code.value for code in log.run().drawer.code)
    for table in ("system_events", "platform_events", "audit_log", "event_log", "error_logs"):
        assert f"main.`{table}`" in shown


def test_people_and_projects_have_their_names_in_the_log(open_log, demo_rows):
    table = open_log().card("Log").table
    names = {
        name for (name,) in demo_rows("SELECT name FROM users UNION SELECT name FROM projects")
    }
    assert set(table["person"].dropna()) | set(table["project"].dropna()) <= names


# What a database may lack or hold


@every_tab
def test_a_tab_stands_on_sixty_empty_tables_and_every_card_says_so(
    open_tab, sixty_empty_tables, tab
):
    shown = open_tab(tab, sixty_empty_tables)
    stands(shown)
    for title in shown.titles():
        assert shown.card(title).state.endswith("."), title


@every_tab
def test_a_tab_stands_on_no_table_at_all_and_every_card_names_what_it_needs(open_tab, file_of, tab):
    shown = open_tab(tab, file_of())
    stands(shown)
    for title in shown.titles():
        assert "Needs the table" in shown.card(title).state, title
    for label in shown.figures():
        assert shown.figure(label).value == "-", label
        assert shown.figure(label).note.startswith("Needs the table"), label


@every_tab
def test_a_tab_stands_on_a_period_in_which_nothing_happened(open_tab, tab):
    shown = open_tab(tab, period="Custom", days=["2003-03-01", "2003-03-07"])
    stands(shown)
    undated = {"Queue", "Optimisations", "Recommendations", "Runs: calculated vs reported"}
    for title in set(shown.titles()) - undated:
        assert not shown.card(title).is_drawn, title


DROPPED = {
    "Workflows": ("workflow_steps", "Slowest steps", "Runs by outcome"),
    "Email": ("resend_queue", "Queue", "Email over time"),
    "Events": ("audit_log", "", "Log"),
}


@every_tab
def test_one_missing_table_leaves_the_other_cards_standing(open_tab, demo_copy, tab):
    table, lost, kept = DROPPED[tab]
    shown = open_tab(tab, demo_copy(f"DROP TABLE {table}"))
    stands(shown)
    assert shown.card(kept).is_drawn
    if lost:
        assert f"Needs the table {table}." in shown.card(lost).state
    else:
        assert f"Audit log not included: Needs the table {table}." in shown.card(kept).note


HOSTILE = f"""
UPDATE workflow_runs SET workflow_name = '{EVIL}', error_message = '{FORMULA}',
  status = CASE status WHEN 'success' THEN '{EVIL}' ELSE status END;
UPDATE workflow_steps SET step_name = '{EVIL}';
UPDATE workflow_cost_daily SET workflow_name = workflow_name || '{EVIL}';
UPDATE workflow_events SET message = '{FORMULA}', event_type = '{EVIL}';
UPDATE workflow_optimizations SET title = '{FORMULA}';
UPDATE workflow_recommendations SET recommendation = '{EVIL}';
UPDATE resend_log SET template = '{EVIL}', error = '{FORMULA}', recipient = '{EVIL}';
UPDATE system_events SET message = '{EVIL}', source = '{FORMULA}', event_type = '{EVIL}';
UPDATE error_logs SET message = '{FORMULA}', level = '{EVIL}';
UPDATE event_log SET category = '{EVIL}';
UPDATE audit_log SET action = '{FORMULA}';
"""


@every_tab
def test_hostile_words_stand_on_a_tab_as_words(open_tab, demo_copy, tab):
    shown = open_tab(tab, demo_copy(HOSTILE))
    stands(shown)
    said = [*shown.app.markdown, *shown.app.caption, *shown.app.header, *shown.app.info]
    for words in said:
        assert not re.search(r"(?<!\\)(:red\[|\$x|\]\(javascript|<img)", words.value), words.value
    if tab == "Workflows":
        assert "Other: :red[boo]" in shown.card("Runs by outcome").note


def test_a_formula_in_the_log_is_no_formula_in_its_file(open_tab, demo_copy):
    table = open_tab("Events", demo_copy(HOSTILE), log="Error log").card("Log").table
    assert set(table["message"]) == {FORMULA}
    assert f"'{FORMULA}" in export.csv(table).decode("utf-8-sig")


def test_figures_and_the_log_know_another_time_zone(open_tab):
    there = open_tab("Events", zone="Asia/Kolkata")
    stands(there)
    assert "(Asia/Kolkata)" in there.sentence
    assert there.card("Log").is_drawn


def test_a_table_writes_a_column_in_one_unit_and_with_one_number_of_decimals():
    frame = pd.DataFrame(
        {
            "allowance_used": [0.1123, 0.202, 1.0, None],
            "duration": [956_926.0, 400.0, None, 9_000.0],
            "step_p50": [340.0, 120.0, 9_999.0, 800.0],
        }
    )
    shown = dataframe._scaled(frame, None)
    # 11.2, 20.2 and 100.0%; 956.9 and 0.4 s; what is mostly short stays in milliseconds
    assert shown["allowance_used"].tolist()[:3] == pytest.approx([11.23, 20.2, 100])
    assert shown["duration"].tolist()[:2] == pytest.approx([956.926, 0.4])
    assert shown["step_p50"].tolist() == [340, 120, 9_999, 800]
    selection = Selection(preset("7d", date(2026, 11, 22)), date(2026, 11, 22))
    columns = {name: dataframe._column(name, frame[name], selection, None) for name in frame}
    written = {name: (c["label"], c["type_config"]["format"]) for name, c in columns.items()}
    assert written == {
        "allowance_used": ("Used", "%,.1f%%"),
        "duration": ("Duration (s)", "%,.1f"),
        "step_p50": ("Step duration, median (ms)", "%,.0f"),
    }
