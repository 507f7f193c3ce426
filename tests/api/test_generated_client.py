"""A client that is generated from the OpenAPI document calls the API and gets typed rows.

The generator runs in an environment of its own: it needs an older Typer than the command line.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from meaux.data import keys

GENERATOR = "openapi-python-client==0.29.1"
UV = Path(sys.executable).with_name("uv")
SCRIPT = """
import datetime, json, sys
from client import AuthenticatedClient
from client.api.metrics import metric
from client.api.queries import query_cost_by_project, query_hours_by_day

url, key = sys.argv[1:]
with AuthenticatedClient(base_url=url, token=key) as client:
    hours = query_hours_by_day.sync(client=client, period="7d")
    assert isinstance(hours.rows[0].day, datetime.date)
    assert isinstance(hours.rows[0].hours, float)
    cost = query_cost_by_project.sync(client=client, period="last-month")
    total = metric.sync("cost", client=client, period="last-month")
    refused = query_hours_by_day.sync_detailed(client=client, period="fortnight")
print(json.dumps({
    "hours": sum(row.hours for row in hours.rows),
    "cost": sum(row.cost or 0 for row in cost.rows),
    "total": total.value,
    "status": int(refused.status_code),
    "detail": json.loads(refused.content)["detail"],
}))
"""


@pytest.fixture(scope="module")
def key_file(tmp_path_factory):
    return tmp_path_factory.mktemp("keys") / "keys.json"


@pytest.fixture(scope="module")
def served(start, demo_file, key_file):
    files = {".streamlit/meaux.toml": "[api]\non = true\n"}
    return start(demo_file, files=files, MEAUX_API_KEYS=str(key_file))


@pytest.mark.soak
def test_a_generated_client_reads_what_the_api_says(served, key_file, tmp_path):
    key = keys.new(key_file, "client")
    document = tmp_path / "openapi.json"
    told = requests.get(f"{served.url}/api/openapi.json", timeout=30)
    document.write_text(told.text, encoding="utf-8")
    command = [UV, "tool", "run", "--quiet", "--from", GENERATOR, "openapi-python-client"]
    options = ["--path", document, "--output-path", tmp_path / "client", "--meta", "none"]
    made = subprocess.run(
        [*command, "generate", *options], capture_output=True, text=True, check=True
    )
    assert "warning" not in made.stdout.lower()
    called = subprocess.run(
        [sys.executable, "-c", SCRIPT, f"{served.url}/api", key],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert called.returncode == 0, called.stderr
    found = json.loads(called.stdout)
    assert found["hours"] > 0
    assert found["cost"] == pytest.approx(found["total"])
    assert found["status"] == 422
    assert "is not a period" in found["detail"]
