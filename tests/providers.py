"""Real OpenID providers on loopback, each in a process of its own."""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from ports import free_port
from requests.adapters import HTTPAdapter
from served import WAITING_FOR_HEALTH

HERE = Path(__file__).parent / "access"
INSTALLED = HERE / "node_modules" / "oidc-provider"
SECRET = "a cookie secret of the tests, of no other use"  # noqa: S105
CLIENT = "a secret of the tests, of no other use"
PEOPLE = {
    "anna": {"email": "anna@example.com", "groups": ["finance"]},
    "ben": {"email": "ben@example.com"},
    "cleo": {"email": "cleo@example.com"},
    "tess": {"email": "tess@example.com"},
    "tom": {"email": "tom@example.com"},
    "nora": {"email": "nora@example.com"},
    "eve": {"email": "eve@elsewhere.example"},
}
"""Who can sign in at the lenient provider, by name."""


@contextmanager
def lenient(folder):
    """A provider that lets any client sign in whomever it names."""
    port = free_port()
    told = [f"--user-claims={json.dumps({'sub': name} | PEOPLE[name])}" for name in PEOPLE]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", f"--port={port}", *told]
    with _running(command, port, folder) as url:
        yield url


@contextmanager
def strict(folder, *redirect_uris):
    """A provider that knows these addresses of one client, and no prompt to select an account."""
    _install()
    port = free_port()
    with _running(["node", HERE / "strict.mjs", str(port), *redirect_uris], port, folder) as url:
        yield url


def secrets(url, more="", address="http://127.0.0.1:{port}"):
    """The section [auth] for a provider at `url`, of a dashboard at `address`."""
    return f"""[auth]
redirect_uri = "{address}/oauth2callback"
cookie_secret = "{SECRET}"
client_id = "meaux"
client_secret = "{CLIENT}"
server_metadata_url = "{url}/.well-known/openid-configuration"
{more}
"""


@contextmanager
def _running(command, port, folder):
    url = f"http://127.0.0.1:{port}"
    log = folder / f"provider {port}.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            command, stdout=written, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        _wait(url, log)
        yield url
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(url, log):
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=WAITING_FOR_HEALTH))
        try:
            address = f"{url}/.well-known/openid-configuration"
            session.get(address, timeout=60).raise_for_status()
        except requests.RequestException as error:
            pytest.fail(f"The provider did not start: {error}\n{log.read_text()}")


def _install():
    """Put the provider where it is pinned to be; the lock is for tests that run side by side."""
    with (HERE / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not INSTALLED.exists():
            try:
                command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
                subprocess.run(command, cwd=HERE, check=True, capture_output=True)
            except FileNotFoundError:
                pytest.skip("needs npm")
