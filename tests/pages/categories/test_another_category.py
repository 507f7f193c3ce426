"""A category of cost is added by an entry of the registry and a logical table, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SECONDS = 600


def test_a_new_category_loses_no_money_on_any_card(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "more_categories", HERE / "each_card.py"],
        cwd=HERE.parents[2],
        env={**os.environ, "PYTHONPATH": str(HERE), "COPIES": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert " passed" in ran.stdout
