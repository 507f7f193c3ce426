"""`python -m meaux` as it is really run."""

import os
import subprocess
import sys

from meaux.data.settings import PROJECT, SETTINGS

TOKEN = "tok-77b1e2-never-to-be-seen"  # noqa: S105


def run(*arguments, **variables):
    environment = {
        k: v for k, v in os.environ.items() if k not in {s.variable for s in SETTINGS.values()}
    }
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "meaux", *arguments],
        cwd=PROJECT,
        env={**environment, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_runs_a_query_and_leaves_the_error_stream_empty(demo_file):
    result = run(
        "query",
        "project_choices",
        "--limit",
        "2",
        MEAUX_DATABASE=str(demo_file),
        MEAUX_TODAY="2026-11-22",
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith('"Id","Name"\n')
    assert not result.stderr


def test_tells_an_error_in_one_line_without_a_traceback(tmp_path):
    missing = str(tmp_path / "nowhere.db")
    result = run("doctor", MEAUX_DATABASE=missing, CLOUDFLARE_API_TOKEN=TOKEN)
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert TOKEN not in result.stdout + result.stderr


def test_explains_itself_when_nothing_is_asked():
    result = run()
    assert result.returncode == 2
    assert "Usage: python -m meaux" in result.stdout + result.stderr
    assert "doctor" in result.stdout + result.stderr
