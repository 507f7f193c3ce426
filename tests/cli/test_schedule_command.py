"""`schedule` sends reports to real receivers, runs alerts, and says what runs next."""

import sqlite3
from contextlib import closing
from importlib import import_module

import pytest
from receivers import PASSWORD, Mail, Web

from meaux.data import plan, settings, state
from meaux.data.plan import read_plan

command = import_module("meaux.cli.schedule")

of_mail = pytest.mark.filterwarnings("ignore")  # the test's mail server has some of its own
MONDAY = {"name": "Monday", "report": "weekly", "to": ["team"], "when": "monday 07:30"}
SHORT = MONDAY | {"report": "time", "form": "message"}
"""A report that is quickly made."""


@pytest.fixture(scope="module")
def mail():
    receiver = Mail()
    yield receiver
    receiver.stop()


@pytest.fixture(scope="module")
def web():
    receiver = Web()
    yield receiver
    receiver.stop()


@pytest.fixture
def run(meaux, environment, demo_file, tmp_path, mail, web):
    """Run the command on the demo; what is declared can change between two runs."""
    environment.setenv("MEAUX_STATE", str(tmp_path / "state.db"))
    environment.setenv("MEAUX_NOTIFY_TEAM", mail.url())
    environment.setenv("MEAUX_NOTIFY_CHAT", web.url())
    environment.setattr(settings, "read_section", lambda *_: {})
    mail.messages.clear()
    web.messages.clear()

    def run(*options, **declared):
        found = read_plan(declared)
        environment.setattr(plan, "read_plan_file", lambda: found)
        return meaux("schedule", *options, MEAUX_DATABASE=demo_file)

    return run


def make_due(tmp_path):
    """Forget the last time of every job, as if a week had passed."""
    with closing(sqlite3.connect(tmp_path / "state.db")) as file, file:
        file.execute("UPDATE jobs SET due = due - 700000")


@of_mail
def test_a_report_arrives_with_its_pictures_and_files_and_once(run, mail, tmp_path):
    assert run(reports=[MONDAY]).exit_code == 0
    make_due(tmp_path)
    result = run(reports=[MONDAY])
    assert (result.exit_code, result.stdout) == (0, "report Monday to team: done\n")
    [message] = mail.messages
    assert message["subject"] == "Weekly report, 9–15 Nov 2026"
    parts = {part.get_filename(): part for part in message.walk() if part.get_filename()}
    assert {"meaux-weekly-2026-11-09.pdf", "meaux-weekly-2026-11-09.html"} <= parts.keys()
    assert parts["meaux-weekly-2026-11-09.pdf"].get_content().startswith(b"%PDF-")
    pictures = [name for name in parts if name.endswith(".png")]
    page = message.get_body(("html",)).get_content()
    assert pictures
    assert all(f"cid:{name}" in page for name in pictures)
    assert all(parts[name]["content-id"].strip("<>") in page for name in pictures)
    assert run(reports=[MONDAY]).stdout == ""
    assert len(mail.messages) == 1


def test_a_receiver_that_shows_no_html_gets_the_summary(run, web):
    result = run("--now", "monday", reports=[MONDAY | {"to": ["chat"], "form": "message"}])
    assert result.exit_code == 0
    [message] = web.messages
    assert message["title"] == "Weekly report, 9–15 Nov 2026"
    assert "<" not in message["message"].partition("\n")[0]


@of_mail
def test_a_report_that_does_not_arrive_is_tried_again_and_the_others_arrive(
    run, mail, web, tmp_path
):
    both = SHORT | {"to": ["chat", "team"]}
    run(reports=[both])
    make_due(tmp_path)
    web.answer = "error"
    result = run(reports=[both])
    web.answer = ""
    assert result.exit_code == 1
    assert result.stdout == "report Monday to team: done\n"
    assert result.stderr.startswith("report Monday to chat: error of the server. It is tried again")
    assert len(mail.messages) == 1
    with closing(sqlite3.connect(tmp_path / "state.db")) as file, file:
        file.execute("UPDATE jobs SET next_try = 0")
    assert run(reports=[both]).stdout == "report Monday to chat: done\n"
    [repeated] = web.messages
    assert repeated["title"].endswith("(may have been sent before)")
    assert len(mail.messages) == 1


def test_alerts_are_delivered_when_they_are_due(run, web, tmp_path):
    declared = {
        "schedule": {"alerts": "every 15 minutes"},
        "notify": [{"name": "Chat", "address": "chat"}],
    }
    run(**declared)
    make_due(tmp_path)
    result = run(**declared)
    assert result.exit_code == 0
    assert "Chat got " in result.stdout
    assert "alerts: done" in result.stdout
    assert len(web.messages) == 1


def test_one_instance_runs_at_a_time_and_alerts_can_be_sent_meanwhile(run, monkeypatch, tmp_path):
    monkeypatch.setattr("meaux.data.state.file.SECONDS", 0.01)
    path = tmp_path / "state.db"
    with state.locked(path, "schedule.lock", "busy"), state.writing(path):
        result = run(schedule={"alerts": "hourly"})
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Another schedule is at work" in result.stderr


def test_a_dry_run_lists_the_jobs_and_changes_nothing(run, mail, tmp_path):
    result = run("--dry-run", schedule={"alerts": "hourly"}, reports=[MONDAY])
    lines = result.stdout.splitlines()
    assert lines[0].startswith("alerts: hourly; next ")
    assert lines[1].startswith("report Monday to team: monday 07:30; next ")
    assert not (tmp_path / "state.db").exists()
    assert not mail.messages


def test_nothing_scheduled_says_where_to_write_it(run):
    result = run()
    assert result.exit_code == 2
    assert "Nothing is scheduled" in result.stderr


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"schedule": {"alerts": "noon"}}, "'noon' is not a time; use words"),
        ({"reports": [MONDAY | {"when": "noon"}]}, "'noon' is not a time; use words"),
        ({"reports": [MONDAY | {"to": ["anna@example.com"]}]}, "an address is a secret"),
    ],
)
def test_an_invalid_entry_is_named_and_the_others_run(run, declared, words):
    result = run(**declared)
    assert result.exit_code == 2
    assert words in result.stderr


def test_an_address_that_is_missing_or_a_job_that_is_unknown_is_named(run):
    result = run("--now", "Monday", reports=[MONDAY | {"to": ["nobody"]}])
    assert result.exit_code == 1
    assert "there is no address; set nobody under [notify] in secrets.toml" in result.stderr
    result = run("--now", "Tuesday", reports=[MONDAY])
    assert "There is no job Tuesday. The jobs are: report Monday to team." in result.stderr


def test_no_password_is_in_what_is_said_or_kept(run, tmp_path, web):
    web.answer = "denied"
    result = run("--now", "Monday", reports=[SHORT | {"to": ["chat"]}])
    web.answer = ""
    assert PASSWORD not in result.output
    assert all(PASSWORD.encode() not in file.read_bytes() for file in tmp_path.glob("state.db*"))
