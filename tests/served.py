"""A dashboard that runs as it does for users: a process of its own, which listens on loopback."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from ports import free_port
from requests.adapters import HTTPAdapter
from urllib3 import Retry

PROJECT = Path(__file__).resolve().parent.parent
TODAY = "2026-11-22"
SECONDS_TO_STOP = 10
WAITING_FOR_HEALTH = Retry(total=None, connect=450, backoff_factor=0.05, backoff_max=0.2)
"""A minute and a half of tries, each of which is refused until the server listens."""


class Server:
    """A dashboard in a process of its own, on a copy of the sources and a free or given port.

    `base` is the path below which it answers.
    """

    def __init__(self, folder, database, *options, port=None, base="", **environment):
        self.folder = folder
        self._log = folder / "server.log"
        self._base = base
        port = port or free_port()
        self.url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
        command += ["--server.address=127.0.0.1", f"--server.port={port}"]
        command += ["--server.fileWatcherType=none", f"--server.baseUrlPath={base}", *options]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env=_environment(database) | environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self):
        """Return once the server answers."""
        with requests.Session() as session:
            session.mount("http://", HTTPAdapter(max_retries=WAITING_FOR_HEALTH))
            try:
                session.get(f"{self.url}{self._base}/_stcore/health", timeout=60).raise_for_status()
            except requests.RequestException as error:
                pytest.fail(f"The dashboard did not start: {error}\n{self.log}")

    def stop(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    @property
    def pid(self):
        """The id of the process; None if it has ended."""
        return None if self._process.poll() is not None else self._process.pid

    @property
    def memory(self):
        """What the process holds of the machine's memory, in MB."""
        return self._told("status", r"VmRSS:\s+(\d+) kB") / 1_000

    @property
    def most_memory(self):
        """What it held at most since it began, in MB."""
        return self._told("status", r"VmHWM:\s+(\d+) kB") / 1_000

    @property
    def files(self):
        """How many files and sockets the process has open."""
        return len([*Path(f"/proc/{self._process.pid}/fd").iterdir()])

    @property
    def temporary_files(self):
        """The temporary files of SQLite that the process has open: they have no name any more."""
        opened = Path(f"/proc/{self._process.pid}/fd").iterdir()
        led_to = [str(one.readlink()) for one in opened if one.is_symlink()]
        return [one for one in led_to if "etilqs" in one]

    @property
    def most_files(self):
        """How many it may have open."""
        return self._told("limits", r"Max open files\s+(\d+)")

    def _told(self, what, pattern):
        told = Path(f"/proc/{self._process.pid}/{what}").read_text(encoding="ascii")
        return int(re.search(pattern, told)[1])

    @property
    def log(self):
        return self._log.read_text(encoding="utf-8", errors="replace")


def _environment(database):
    others = ("MEAUX_", "CLOUDFLARE_", "STREAMLIT_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    return kept | {"MEAUX_DATABASE": str(database), "MEAUX_TODAY": TODAY, "MEAUX_TIMEZONE": "UTC"}


def copied(folder):
    """A folder with a copy of the sources, as far as compiled, without anybody's secrets."""
    for name in ("meaux", "pages"):
        shutil.copytree(PROJECT / name, folder / name)
    (folder / ".streamlit").mkdir()
    shutil.copy(PROJECT / "app.py", folder)
    shutil.copy(PROJECT / ".streamlit" / "config.toml", folder / ".streamlit")
    return folder
