"""What is imported at the start, and with how many threads."""

import subprocess
import sys

import pytest

COUNTED = """
import sys
from pathlib import Path
{imports}
before = "numpy" in sys.modules
import meaux
import numpy
threads = len(list(Path("/proc/self/task").iterdir()))
sys.exit(before or threads > 1)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted as Linux tells them")
@pytest.mark.parametrize("imports", ["", "import streamlit.web.cli, streamlit.web.bootstrap"])
def test_arithmetic_starts_no_threads_of_its_own(imports):
    script = COUNTED.format(imports=imports)
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize(
    "library", ["scipy", "sqlglot", "statsmodels", "xlsxwriter", "vl_convert", "typst"]
)
def test_what_few_pages_need_is_not_imported_with_the_layout(library):
    script = f"import sys, meaux.ui.layout; sys.exit({library!r} in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True)
    assert ended.returncode == 0


@pytest.mark.parametrize("library", ["altair", "vl_convert", "typst"])
def test_what_only_a_report_needs_is_not_imported_with_the_commands(library):
    script = f"import sys, meaux.cli.app; sys.exit({library!r} in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True)
    assert ended.returncode == 0
