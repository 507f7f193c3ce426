"""`collect`: what it prints, its exit codes, and what it needs."""

import json
import re
import sqlite3
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

import pytest
from services import ACCOUNT, NOW, OPENAI_KEY, TOKEN, Services, World
from typer.testing import CliRunner

from meaux.cli import app
from meaux.collect import TOKENS, tokens
from meaux.data import plan, settings
from meaux.data.plan import read_plan
from meaux.errors import SettingError

REFUSED = (403, {"success": False, "errors": [{"code": 10000, "message": "no"}]})


@pytest.fixture(scope="module")
def services_of_all():
    services = Services(World(NOW, 5))
    yield services
    services.close()


@pytest.fixture
def services(services_of_all):
    services_of_all.refuse = {}
    return services_of_all


@pytest.fixture
def declared(environment):
    """Declare the sources to collect."""

    def declared(*sources, **others):
        found = read_plan({"collect": {"sources": list(sources)}} | others)
        environment.setattr(plan, "read_plan_file", lambda: found)

    return declared


@pytest.fixture
def run(meaux, environment, services, tmp_path):
    """Run `collect` against the services into a file; a variable that is None is not set."""
    for key in TOKENS.values():
        environment.delenv(key.variable, raising=False)
    environment.setattr(settings, "read_section", lambda *_: {})

    def run(*arguments, **variables):
        given = {
            "MEAUX_DATABASE": tmp_path / "filled.db",
            "CLOUDFLARE_ACCOUNT_ID": ACCOUNT,
            "MEAUX_COLLECT_TOKEN": TOKEN,
            "MEAUX_COLLECT_CLOUDFLARE_URL": f"{services.url}/client/v4",
            "MEAUX_COLLECT_OPENAI_URL": services.url,
        } | variables
        set_ones = {name: value for name, value in given.items() if value is not None}
        return meaux("collect", *arguments, **set_ones)

    return run


def test_a_run_says_a_line_a_source_and_ends_with_0(run, declared):
    declared("buckets", "billing")
    result = run("--create")
    assert result.exit_code == 0, result.stderr
    buckets, billing, total = result.stdout.splitlines()
    assert buckets == "buckets: 2 rows read, 2 rows written"
    assert re.fullmatch(r"billing: \d+ rows read, \d+ rows written, .*2026", billing)
    billed = int(billing.split()[1])
    assert total == f"total: {billed + 2} rows read, {billed + 2} rows written"
    assert result.stderr == ""


def test_a_failing_source_is_named_with_its_permission_and_the_code_is_1(run, declared, services):
    declared("buckets", "workers")
    services.refuse = {"r2/buckets": REFUSED}
    result = run("--create")
    assert result.exit_code == 1
    assert result.stderr == (
        "buckets: Cloudflare refused the token. It needs the permission Workers R2 Storage Read.\n"
    )
    assert "workers: 3 rows read, 3 rows written" in result.stdout


def test_the_code_is_2_if_nothing_could_be_collected(run, declared, services):
    declared("buckets")
    services.refuse = {"r2/buckets": REFUSED}
    assert run("--create").exit_code == 2
    assert run().exit_code == 2


def test_a_dry_run_prints_the_first_rows_and_no_secret(run, declared, tmp_path):
    declared("workers")
    result = run("--create", "--dry-run")
    first, *rows = result.stdout.splitlines()
    assert first == "workers: 3 rows read, 3 rows would be inserted or changed"
    assert (
        json.loads(rows[0].partition(" {")[1].strip() + rows[0].partition(" {")[2])["id"] == "api"
    )
    assert TOKEN not in result.output
    assert not (tmp_path / "filled.db").exists()


def test_without_a_list_every_source_whose_token_is_set_is_read(run, tmp_path):
    result = run("--create", OPENAI_ADMIN_KEY=OPENAI_KEY, MEAUX_COLLECT_TOKEN=None)
    assert [line.partition(":")[0] for line in result.stdout.splitlines()] == ["openai"]
    with closing(sqlite3.connect(tmp_path / "filled.db")) as connection:
        assert connection.execute("SELECT count(*) FROM openai_spending").fetchone()[0] > 0


def test_with_two_tables_of_ai_costs_it_is_said_that_one_counts_until_all_is_set_up(run, declared):
    declared("openai", "ai_gateway")
    assert "takes AI costs from one table" in run("--create", OPENAI_ADMIN_KEY=OPENAI_KEY).stderr
    assert run(OPENAI_ADMIN_KEY=OPENAI_KEY).stderr == ""


def test_a_listed_source_without_its_token_is_named(run, declared):
    declared("openai", "buckets")
    result = run("--create")
    assert result.exit_code == 1
    assert result.stderr == "openai: There is no key to read OpenAI with. Set OPENAI_ADMIN_KEY.\n"


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"MEAUX_COLLECT_TOKEN": None}, "There is no token to collect with."),
        ({"CLOUDFLARE_ACCOUNT_ID": None}, "set CLOUDFLARE_ACCOUNT_ID"),
        ({"MEAUX_DATABASE": None, "CLOUDFLARE_ACCOUNT_ID": None}, "CLOUDFLARE_"),
        ({"MEAUX_COLLECT_TOKEN": "two words"}, "invalid characters"),
        ({"MEAUX_COLLECT_OPENAI_URL": "nowhere"}, "is not a web address"),
        (
            {"MEAUX_DATABASE": None, "CLOUDFLARE_DATABASE_ID": "x", "MEAUX_COLLECT_TOKEN": None},
            "CLOUDFLARE_API_TOKEN",
        ),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(run, variables, said):
    result = run("--create", **variables)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_a_missing_file_is_made_only_if_that_is_asked_for(run, tmp_path):
    result = run()
    assert result.exit_code == 2
    assert result.stderr == "The file filled.db doesn't exist. Run with --create to make it.\n"
    assert not (tmp_path / "filled.db").exists()


def test_a_mistake_in_the_list_is_said_and_nothing_is_read(run, declared):
    declared("bukets")
    result = run("--create")
    assert result.exit_code == 2
    assert "did you mean buckets?" in result.stderr


def test_the_dashboards_own_token_is_never_used_to_write(run):
    result = run(
        *("--create",),
        MEAUX_DATABASE=None,
        MEAUX_COLLECT_TOKEN=None,
        CLOUDFLARE_DATABASE_ID="x",
        CLOUDFLARE_API_TOKEN="reads-only",  # noqa: S106 - made up
        OPENAI_ADMIN_KEY=OPENAI_KEY,
    )
    assert result.exit_code == 2
    assert result.stderr.startswith("To fill a D1, set MEAUX_COLLECT_TOKEN")


class Listening(BaseHTTPRequestHandler):
    """A D1 that notes who asks for what, and answers nothing."""

    asked: ClassVar = []

    def do_POST(self):
        self.asked.append((self.path, self.headers["authorization"]))
        self.send_error(403)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def listening():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Listening)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    Listening.asked.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "variable", "own", "asked"),
    [
        ("", "CLOUDFLARE_API_BASE_URL", "writes", (f"/accounts/{ACCOUNT}/d1", "Bearer writes")),
        ("", "MEAUX_COLLECT_DATABASE_URL", "writes", (f"/accounts/{ACCOUNT}/d1", "Bearer writes")),
        ("/cdn-cgi/explorer/api", "CLOUDFLARE_API_BASE_URL", None, ("/d1", None)),
        ("/cdn-cgi/explorer/api", "MEAUX_COLLECT_DATABASE_URL", None, ("/d1", None)),
    ],
)
def test_the_database_and_the_services_have_addresses_of_their_own(
    run, declared, listening, services, path, variable, own, asked
):
    declared("buckets")
    services.bearers.clear()
    address = {"MEAUX_DATABASE": None, "CLOUDFLARE_DATABASE_ID": "x", variable: listening + path}
    run(**address, CLOUDFLARE_API_TOKEN=own)
    assert set(Listening.asked) == {(f"{path}{asked[0]}/database/x/raw", asked[1])}
    assert services.bearers <= {f"Bearer {TOKEN}"}


def test_the_gateway_is_refused_as_it_only_reads(run, listening):
    result = run(
        MEAUX_DATABASE=None,
        CLOUDFLARE_DATABASE_ID="x",
        CLOUDFLARE_GATEWAY_KEY="key",
        CLOUDFLARE_API_BASE_URL=listening,
    )
    assert result.exit_code == 2
    assert result.stderr.startswith(
        "The gateway only reads. To fill its database, set MEAUX_COLLECT_DATABASE_URL"
    )
    assert Listening.asked == []


def test_tokens_come_from_the_environment_or_the_secrets_file():
    kept = {"cloudflare": "kept", "openai": "key"}
    assert tokens.read({}, kept).cloudflare.reveal() == "kept"
    given = {"CLOUDFLARE_COLLECT_TOKEN": "given", "OPENAI_ADMIN_KEY": ""}
    assert tokens.read(given, kept).cloudflare.reveal() == "given"
    assert tokens.read(given | {"MEAUX_COLLECT_TOKEN": "first"}, {}).cloudflare.reveal() == "first"
    assert tokens.read(given, kept).openai.reveal() == "key"
    assert "kept" not in repr(tokens.read({}, kept))
    with pytest.raises(SettingError, match="Unknown key token"):
        tokens.read({}, {"token": "x"})


def test_the_help_tells_the_exit_codes():
    assert "Exit codes" in CliRunner().invoke(app, ["collect", "--help"]).stdout


def test_a_copy_on_clickhouse_is_not_filled_but_its_source(run, declared):
    declared("workers")
    found = run(MEAUX_DATABASE="clickhouse://reader@localhost:8123/meaux")
    assert found.exit_code == 2
    assert "Collect into the source, then load again." in found.stderr
