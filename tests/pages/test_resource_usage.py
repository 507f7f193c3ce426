"""Resource usage: each tab loads alone, says what the tables say, and stands what they hold."""

import json
import re

import pytest

from meaux.ui import pages

PAGE = next(page for page in pages.PAGES if page.title == "Resource usage")
HOME, FINANCIAL = (
    next(page for page in pages.PAGES if page.title == title)
    for title in ("Home", "Financial analytics")
)
TABS = ("Workers", "Storage", "AI")
OPENING = 2
EVIL = ":red[boo] $x$ [a](javascript:alert(1)) <img src=x onerror=alert(1)>"

every_tab = pytest.mark.parametrize("tab", TABS)


@pytest.fixture
def open_tab(open_page):
    def open_tab(tab, *database, **url):
        return open_page(*database, page=PAGE, tab=tab, **url)

    return open_tab


def stands(shown):
    assert shown.exceptions == []
    assert shown.errors == []


@every_tab
def test_a_cold_tab_is_one_call_and_a_warm_one_none(open_tab, counting, tab):
    shown = open_tab(tab)
    stands(shown)
    assert len(counting[0].calls) == OPENING + 1
    assert "1 database call" in shown.strip
    shown.run()
    assert len(counting[0].calls) == OPENING + 1
    assert "cached" in shown.strip
    open_tab(tab)
    assert len(counting[0].calls) == OPENING + 1


def test_a_tab_is_loaded_when_it_is_opened_and_the_others_are_not(open_tab, counting):
    shown = open_tab("Workers")
    sent = {s for call in counting[0].calls for s in call}
    assert not any("r2_usage" in s.sql and "peak" in s.sql for s in sent)
    calls = len(counting[0].calls)
    for tab in ("Storage", "AI"):
        shown.app.session_state["tab"] = tab
        shown.run()
        calls += 1
        stands(shown)
        assert len(counting[0].calls) == calls
    shown.app.session_state["tab"] = "Workers"
    shown.run()
    assert len(counting[0].calls) == calls
    assert "Workers" in shown.titles()


@every_tab
def test_no_statement_of_a_tab_is_sent_twice(open_tab, counting, tab):
    shown = open_tab(tab)
    shown.choose("period", "Last 7 days")
    shown.choose("period", "Last 30 days")
    sent = [s for call in counting[0].calls for s in call]
    assert len(sent) == len(set(sent))


def test_the_url_names_the_open_tab_and_an_unknown_one_is_dropped_with_a_notice(open_tab):
    assert "Buckets" in open_tab("Storage").titles()
    assert "Models" in open_tab("AI").titles()
    lost = open_tab("Queues")
    assert "Workers" in lost.titles()
    assert lost.toasts == ["Unknown tab in the link: Queues. It was ignored."]


@every_tab
def test_every_card_of_a_tab_is_drawn_on_the_demo(open_tab, tab):
    shown = open_tab(tab)
    empty = [title for title in shown.titles() if not shown.card(title).is_drawn]
    # What AI may use is nobody's list price: it has to be declared.
    assert empty == (["Allowances this month"] if tab == "AI" else [])
    for label in shown.figures():
        assert shown.figure(label).value != "-", label


@every_tab
def test_every_chart_of_a_tab_says_in_words_what_it_shows(open_tab, tab):
    shown = open_tab(tab)
    for title in shown.titles():
        for chart in shown.card(title).block.get("vega_lite_chart"):
            assert len(json.loads(chart.proto.spec)["description"]) > 40, title


def test_the_workers_tab_says_what_plain_sql_says(open_tab, demo_rows):
    shown = open_tab("Workers")
    [(requests, failed, workers)] = demo_rows(
        "SELECT count(*), sum(status >= 500 OR lower(outcome) IN ('exception',"
        " 'scriptthrewexception', 'exceededcpu', 'exceededmemory', 'exceededresources',"
        " 'internalerror')), count(DISTINCT worker_id) FROM worker_logs WHERE"
        " timestamp / 1000 BETWEEN unixepoch('2026-10-23') AND unixepoch('2026-11-23') - 1"
    )
    assert shown.figure("Deployed Workers").value == "12"
    assert shown.figure("Deployed Workers").note == f"{workers} with requests in the period."
    assert shown.figure("Requests").value == f"{requests:,}"
    assert shown.figure("Error rate").value == f"{failed / requests:.1%}"
    assert shown.figure("Error rate").note == f"{failed} of {requests} failed."
    drawn = shown.card("Requests").description
    assert f"Answered: {requests - failed} in total" in drawn
    assert f"Failed: {failed} in total" in drawn
    table = shown.card("Workers").table
    assert len(table) == 12
    assert table["requests"].sum() == requests
    assert 0 < table["error_rate"].max() < 100


def test_the_storage_tab_says_what_plain_sql_says(open_tab, demo_rows):
    shown = open_tab("Storage")
    days = demo_rows(
        "SELECT usage_date, sum(bytes) FROM r2_usage WHERE usage_date >= '2026-10-23'"
        " GROUP BY 1 ORDER BY 1"
    )
    assert shown.figure("Stored").value == f"{days[-1][1] / 1e9:,.1f} GB"
    assert shown.figure("Stored").trend == pytest.approx([size for _, size in days])
    mean = sum(size for _, size in days) / len(days) / 1e9
    assert shown.figure("GB-month").value == f"{mean:,.1f} GB"
    cost = shown.figure("Estimated storage cost per month")
    assert cost.value == f"${(mean - 10) * 0.015:.2f}"
    assert cost.note.startswith("Estimate: ")
    [(images,)] = demo_rows("SELECT count(*) FROM cloudflare_images")
    assert shown.figure("Images").value == str(images)
    assert 1e9 * shown.card("Buckets").table["bytes"].sum() == pytest.approx(days[-1][1])


def test_the_ai_tab_says_what_the_ledger_and_the_financial_page_say(open_tab, open_page, demo_rows):
    shown = open_tab("AI")
    [(into, out, cost)] = demo_rows(
        "SELECT sum(input_tokens), sum(output_tokens), sum(cost_usd) FROM ai_cost_tracking"
        " WHERE created_at >= '2026-10-23'"
    )
    assert shown.figure("AI cost").value == f"${cost:,.2f}"
    assert shown.figure("Cost per 1k tokens").value == f"${cost / (into + out) * 1000:.3g}"
    assert shown.figure("Input tokens").note == f"{into + out:,} input and output tokens in total."
    for title in ("Tokens by model", "Tokens per day", "Tokens per week"):
        drawn = shown.card(title).description
        totals = [int(n.replace(",", "")) for n in re.findall(r": ([\d,]+) in total", drawn)]
        assert sum(totals) == into + out, title
    financial = open_page(page=FINANCIAL).card("Cost by category").description
    assert f"AI ${cost:,.2f}" in financial
    assert shown.card("Models").table["model_cost"].sum() == pytest.approx(cost)


def test_another_period_moves_the_numbers_and_another_grain_does_not(open_tab):
    month = open_tab("Workers")
    week = open_tab("Workers", period="Last 7 days")
    assert month.figure("Requests").value != week.figure("Requests").value
    by_week = open_tab("Workers", grain="Week")
    for label in month.figures():
        assert by_week.figure(label).value == month.figure(label).value, label
    assert "Week of 19 Oct 2026" in by_week.card("Requests").description


@pytest.mark.parametrize(
    ("grain", "drawn"),
    [("Day", "Fri 23 Oct 2026"), ("Week", "Week of 19 Oct 2026"), ("Month", "Oct 2026")],
)
def test_tokens_are_drawn_by_what_their_title_says_and_by_the_grain_where_it_says_none(
    open_tab, grain, drawn
):
    shown = open_tab("AI", grain=grain)
    firsts = {
        "Tokens per day": "Fri 23 Oct 2026",
        "Tokens per week": "Week of 19 Oct 2026",
        "Tokens by model": drawn,
    }
    for title, first in firsts.items():
        assert shown.card(title).description.startswith(f"Tokens, {first} \N{EN DASH} "), title


SAID = "Not filtered by person."


@pytest.mark.parametrize(
    ("tab", "titles"),
    [
        ("Workers", ["Requests", "Error rate", "Response time", "Workers"]),
        ("Storage", ["R2 storage over time", "Other storage", "Images uploaded", "Buckets"]),
        ("AI", []),
    ],
)
def test_a_choice_that_rows_can_not_heed_is_told_on_their_cards(open_tab, demo_rows, tab, titles):
    [(name,)] = demo_rows("SELECT name FROM users WHERE id = 'usr_zoe'")
    shown = open_tab(tab, person=name)
    assert shown.toasts == []
    for title in titles:
        assert SAID in shown.card(title).note, title
    assert (SAID in shown.words.replace("\\", "")) == bool(titles)
    assert "Not filtered" not in open_tab(tab).words


def test_a_project_narrows_workers_buckets_and_models_and_no_kind_of_storage(open_tab, demo_rows):
    [(name,)] = demo_rows("SELECT name FROM projects WHERE id = 'prj_beignet_bot'")
    workers = open_tab("Workers", project=name).card("Workers").table
    assert workers["name"].tolist() == ["Beignet bot"]
    storage = open_tab("Storage", project=name)
    assert storage.card("Buckets").table["bucket"].tolist() == ["bot-memory"]
    assert storage.card("Other storage").note == ("Source: storage_usage. Not filtered by project.")
    [(cost,)] = demo_rows(
        "SELECT sum(cost_usd) FROM ai_cost_tracking WHERE created_at >= '2026-10-23'"
        " AND project_id = 'prj_beignet_bot'"
    )
    assert open_tab("AI", project=name).figure("AI cost").value == f"${cost:,.2f}"


@every_tab
def test_a_tab_stands_on_a_period_in_which_nothing_happened(open_tab, tab):
    shown = open_tab(tab, period="Custom", days=["2003-03-01", "2003-03-07"])
    stands(shown)
    today = {"Deployed Workers", "Images"}
    for label in set(shown.figures()) - today:
        figure = shown.figure(label)
        assert figure.value == "0" or (figure.value == "-" and figure.note.endswith(".")), label


@every_tab
def test_a_tab_stands_on_sixty_empty_tables_and_every_card_says_so(
    open_tab, sixty_empty_tables, tab
):
    shown = open_tab(tab, sixty_empty_tables)
    stands(shown)
    for title in shown.titles():
        card = shown.card(title)
        assert not card.is_drawn, title
        assert card.state.endswith("."), title


@every_tab
def test_a_tab_without_a_table_names_what_it_needs_and_no_number_is_made_up(open_tab, file_of, tab):
    shown = open_tab(tab, file_of())
    stands(shown)
    for title in shown.titles():
        state = shown.card(title).state
        needs = state.startswith("Not available for this database. Needs the table ")
        assert needs or title == "Allowances this month", title
    for label in shown.figures():
        assert shown.figure(label).value == "-", label
        assert shown.figure(label).note.startswith("Needs the table "), label


@every_tab
def test_a_tab_stands_on_the_five_tables_of_the_mission_alone(open_tab, five_tables, tab):
    stands(open_tab(tab, five_tables))


def test_without_a_worker_the_card_says_how_to_get_some(open_tab, sixty_empty_tables):
    shown = open_tab("Workers", sixty_empty_tables)
    assert shown.figure("Deployed Workers").value == "0"
    assert shown.card("Workers").state == (
        "No Workers found. To see them, list each Worker in cloudflare_workers, store its "
        "lifetime requests in worker_stats or log each of its requests in worker_logs."
    )


def test_names_that_are_attacks_are_text_and_addresses_of_scripts_no_links(open_tab, demo_copy):
    evil = EVIL.replace("'", "''")
    path = demo_copy(
        f"UPDATE cloudflare_workers SET name = '{evil}', url = 'javascript:alert(1)'"
        " WHERE id = 'wrk_payments';"
        "UPDATE cloudflare_workers SET url = NULL WHERE id = 'wrk_graph';"
        "UPDATE worker_stats SET url = 'data:text/html,x' WHERE worker_id = 'wrk_graph';"
        f"UPDATE r2_usage SET bucket = '{evil}' WHERE bucket = 'media';"
        f"UPDATE storage_usage SET source = '{evil}' WHERE source = 'kv';"
        f"UPDATE ai_cost_tracking SET model = '{evil}' WHERE model = 'gpt-4o';"
    )
    workers = open_tab("Workers", path)
    stands(workers)
    table = workers.card("Workers").table
    assert EVIL in set(table["name"])
    links = [url for url in table["url"] if isinstance(url, str)]
    assert links
    assert all(url.startswith("https://") for url in links)
    for tab in ("Storage", "AI"):
        shown = open_tab(tab, path)
        stands(shown)
        for node in ("caption", "markdown", "header", "info"):
            for text in shown.app.main.get(node):
                assert ":red[" not in text.value


def test_what_is_declared_stands_beside_the_use_of_the_month(open_tab, declare):
    declare(
        "[allowances]\nas_of = 2026-11-01\nworkers_requests = 100\nr2_storage_gb = 2_000\n"
        "ai_tokens = 1_000\n"
    )
    requests = open_tab("Workers").card("Allowances this month").table.set_index("resource")
    assert requests.loc["Workers requests", "allowance"] == 100
    assert requests.loc["Workers requests", "source"] == "meaux.toml"
    storage = open_tab("Storage")
    assert storage.figure("Estimated storage cost per month").value == "$0.00"
    used = open_tab("AI").card("Allowances this month").table
    assert used["resource"].tolist() == ["AI tokens"]
    assert used["allowance_used"].iloc[0] > 1


@every_tab
def test_a_tab_says_the_same_on_a_file_and_on_a_d1(open_tab, open_page, loopback_d1, name_d1, tab):
    on_file = open_tab(tab)
    values = {label: on_file.figure(label).value for label in on_file.figures()}
    name_d1(loopback_d1.url, loopback_d1.token)
    open_page.without_file()
    on_d1 = open_tab(tab, None)
    stands(on_d1)
    assert {label: on_d1.figure(label).value for label in on_d1.figures()} == values
