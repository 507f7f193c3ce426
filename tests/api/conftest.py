"""The API on the demo, asked in this process as over HTTP, and keys for it."""

import functools
import os

import pytest
from fastapi import FastAPI
from process import Process
from starlette.testclient import TestClient

from meaux.api.app import create
from meaux.data import keys, settings, source
from meaux.data.plan import read_plan_file
from meaux.ui.loading import data

TODAY = "2026-11-22"
NO_OVERRIDE = "no-schema.toml"


@pytest.fixture(scope="module")
def own_world(demo_file, tmp_path_factory):
    """The settings of this machine don't count; the database is the demo."""
    folder = tmp_path_factory.mktemp("api")
    with pytest.MonkeyPatch.context() as patch:
        for name in [*os.environ]:
            if name.startswith(("MEAUX_", "CLOUDFLARE_")):
                patch.delenv(name)
        patch.setenv("MEAUX_DATABASE", str(demo_file))
        patch.setenv("MEAUX_TODAY", TODAY)
        patch.setenv("MEAUX_API_KEYS", str(folder / "keys.json"))
        patch.setattr(settings, "read_secrets", lambda *_: {})
        opened = functools.partial(source.open_source, override=folder / NO_OVERRIDE)
        patch.setattr(source, "open_source", opened)
        plan = folder / "meaux.toml"
        plan.write_text("[api]\non = true\nrequests_per_minute = 1_000_000\n", encoding="utf-8")
        patch.setattr(data, "read_plan_file", functools.partial(read_plan_file, plan))
        yield folder


@pytest.fixture
def world(own_world):  # noqa: ARG001
    """What a test changes of it, for itself."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture
def declare(world, tmp_path):
    """Write a plan that the API reads."""

    def declare(text):
        path = tmp_path / "meaux.toml"
        path.write_text(text, encoding="utf-8")
        world.setattr(data, "read_plan_file", functools.partial(read_plan_file, path))

    return declare


@pytest.fixture(scope="module")
def key_of(own_world):
    """The key of a role, and of teams."""
    made = {}

    def key_of(role, *teams):
        name = " ".join([role, *teams])
        if name not in made:
            made[name] = keys.new(own_world / "keys.json", name, role, teams)
        return made[name]

    return key_of


@pytest.fixture(scope="session")
def app() -> FastAPI:
    return create(Process())


@pytest.fixture(scope="module")
def ask(app, key_of):
    """Ask the API with the key of a role; the rest are parameters."""
    client = TestClient(app, root_path="/api", raise_server_exceptions=False)

    def ask(path, role="admin", *, headers=None, app=app, **parameters):
        key = {"authorization": f"Bearer {key_of(role)}"} if role else {}
        own = client if app is client.app else TestClient(app, raise_server_exceptions=False)
        return own.get(path, params=parameters or None, headers=key | (headers or {}))

    return ask
