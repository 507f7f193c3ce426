"""Settings: where they come from, and what is wrong with them, in words."""

import copy
import dataclasses
import io
import logging
import pickle
import traceback
from datetime import date

import pytest

from meaux.data.settings import IN_SECRETS, SETTINGS, Secret, Settings, read, read_secrets
from meaux.data.source import connect
from meaux.errors import SettingError

TOKEN = "tok-3f9c-never-to-be-seen"  # noqa: S105  it opens nothing
D1 = {
    "CLOUDFLARE_ACCOUNT_ID": "acc",
    "CLOUDFLARE_DATABASE_ID": "dat",
    "CLOUDFLARE_API_TOKEN": TOKEN,
}
SECTION = {"account_id": "acc", "database_id": "dat", "api_token": TOKEN}
GOOD = {
    "account_id": ("acc", "acc"),
    "database_id": ("dat", "dat"),
    "api_token": (TOKEN, Secret(TOKEN)),
    "base_url": ("https://d1.example/", "https://d1.example"),
    "gateway_key": (TOKEN, Secret(TOKEN)),
    "database": ("a.db", "a.db"),
    "database_password": (TOKEN, Secret(TOKEN)),
    "warehouse": ("clickhouse://u:p@host/db", Secret("clickhouse://u:p@host/db")),
    "mirror_file": ("/var/lib/meaux/mirror.db", "/var/lib/meaux/mirror.db"),
    "timezone": ("Europe/Paris", "Europe/Paris"),
    "today": ("2026-11-22", date(2026, 11, 22)),
    "frame_ancestors": ("self https://*.example.com", "'self' https://*.example.com"),
    "metrics": ("yes", True),
    "rows_a_day": ("4_500_000", 4_500_000),
    "keys_file": ("/etc/meaux/keys.json", "/etc/meaux/keys.json"),
    "state_file": ("/var/lib/meaux/state.db", "/var/lib/meaux/state.db"),
    "url": ("https://meaux.example.com/", "https://meaux.example.com"),
    "cards_folder": ("/etc/meaux/cards", "/etc/meaux/cards"),
    "notes_file": ("/etc/meaux/notes.toml", "/etc/meaux/notes.toml"),
    "save_cards": ("yes", True),
    "open_to_all": ("yes", True),
}
BAD = {
    "base_url": ("d1.example", "not a web address"),
    "timezone": ("Europe/Pari", "did you mean Europe/Paris?"),
    "today": ("22.11.2026", "write it as 2026-11-22"),
    "frame_ancestors": ("https://a.example;script-src *", "is not a site"),
    "metrics": ("maybe", "must be yes or no"),
    "rows_a_day": ("0", "must be a whole number above 0"),
    "url": ("meaux.example.com", "not a web address"),
    "save_cards": ("on", "must be yes or no"),
    "open_to_all": ("true", "must be yes or no"),
}
"""A value that can't be used, and what is said of it; any text will do for the others."""

by_name = pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
with_key = pytest.mark.parametrize(
    "setting", [SETTINGS[name] for name in IN_SECRETS], ids=lambda setting: setting.name
)
can_be_bad = pytest.mark.parametrize("setting", [SETTINGS[name] for name in BAD], ids=BAD)


@by_name
def test_a_setting_that_nobody_set_has_its_default(setting):
    assert getattr(read({}, {}), setting.name) == setting.default
    assert getattr(Settings(), setting.name) == setting.default


@by_name
def test_a_setting_says_in_a_sentence_what_it_means(setting):
    assert setting.description.endswith(".")
    assert setting.description[0].isupper()


@by_name
def test_a_setting_is_read_from_its_environment_variable(setting):
    given, meant = GOOD[setting.name]
    assert getattr(read(D1 | {setting.variable: f" {given} "}, {}), setting.name) == meant


def test_the_password_in_an_address_of_clickhouse_is_a_secret_of_its_own():
    given = read({"MEAUX_DATABASE": "clickhouse://reader:p%40ss:w@rd@db.example:8123/copy"}, {})
    assert given.source == "clickhouse"
    assert given.database == "clickhouse://reader@db.example:8123/copy"
    assert given.database_password.reveal() == "p@ss:w@rd"
    assert "w@rd" not in repr(given)


@by_name
def test_a_setting_that_is_blank_in_the_environment_is_not_set(setting):
    others = {name: value for name, value in D1.items() if setting.name not in IN_SECRETS}
    assert getattr(read(others | {setting.variable: "  "}, {}), setting.name) == setting.default


@with_key
def test_a_setting_is_read_from_the_secrets_file(setting):
    given, meant = GOOD[setting.name]
    assert getattr(read({}, SECTION | {setting.name: given}), setting.name) == meant


@with_key
def test_the_environment_wins_over_the_secrets_file(setting):
    given, meant = GOOD[setting.name]
    secrets = SECTION | {setting.name: "http://other"}
    assert getattr(read({setting.variable: given}, secrets), setting.name) == meant


@can_be_bad
def test_a_bad_value_names_its_variable_and_what_to_write(setting):
    bad, advice = BAD[setting.name]
    with pytest.raises(SettingError) as caught:
        read(D1 | {setting.variable: bad}, {})
    assert setting.variable in str(caught.value)
    assert advice in str(caught.value)


def test_a_bad_value_in_the_secrets_file_names_its_key():
    with pytest.raises(SettingError, match=r"base_url in \[connections.meauxos\]"):
        read({}, SECTION | {"base_url": "d1.example"})


def test_no_two_settings_share_a_variable_and_each_has_one():
    variables = [setting.variable for setting in SETTINGS.values()]
    assert all(variables)
    assert len(variables) == len(set(variables))


@pytest.mark.parametrize(
    ("environ", "source"),
    [
        ({}, "demo"),
        (D1, "d1"),
        ({"MEAUX_DATABASE": "a.db"}, "file"),
        (D1 | {"MEAUX_DATABASE": "a.db"}, "file"),
    ],
)
def test_a_named_file_goes_before_d1_and_d1_before_the_demo(environ, source):
    assert read(environ, {}).source == source


@pytest.mark.parametrize("missing", D1)
def test_half_of_the_credentials_names_the_other_half(missing):
    with pytest.raises(SettingError, match=missing):
        read({name: value for name, value in D1.items() if name != missing}, {})


def test_a_token_alone_names_the_two_ids():
    with pytest.raises(SettingError, match="CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_DATABASE_ID"):
        read({"CLOUDFLARE_API_TOKEN": TOKEN}, {})


def test_a_local_d1_needs_no_account_and_no_token():
    address = {"CLOUDFLARE_API_BASE_URL": "http://127.0.0.1:8787", "CLOUDFLARE_DATABASE_ID": "dat"}
    assert read(address, {}).source == "d1"


def test_a_gateway_needs_its_address_and_no_account_and_no_token():
    key = {"CLOUDFLARE_GATEWAY_KEY": TOKEN}
    with pytest.raises(SettingError, match="set CLOUDFLARE_API_BASE_URL to its address"):
        connect(read(D1 | key, {}))
    address = {"CLOUDFLARE_API_BASE_URL": "https://meaux.example.workers.dev"}
    database = connect(read(key | address | {"CLOUDFLARE_DATABASE_ID": "dat"}, {}))
    assert database.name == "d1:meaux.example.workers.dev:dat"


@pytest.mark.parametrize("bad", BAD)
def test_no_bad_setting_shows_the_token_beside_it(bad):
    with pytest.raises(SettingError) as caught:
        read(D1 | {SETTINGS[bad].variable: BAD[bad][0]}, {})
    printed = "".join(traceback.format_exception(caught.value))
    assert TOKEN not in printed
    assert TOKEN not in repr(caught.value)


def test_an_unknown_key_is_named_with_the_known_ones():
    with pytest.raises(SettingError, match=r"Unknown key acount_id .* use account_id, api_token"):
        read({}, {"acount_id": "acc"})


def test_streamlits_own_key_for_the_kind_of_connection_is_allowed():
    assert read({}, {"type": "meaux.ui.loading.connection.DatabaseConnection"}).source == "demo"


def test_today_is_the_pinned_date_in_every_zone():
    pinned = read({"MEAUX_TODAY": "2026-11-22"}, {})
    assert {pinned.day(zone) for zone in ("Pacific/Apia", "America/New_York")} == {
        date(2026, 11, 22)
    }


def raised_with(settings):
    return "".join(traceback.format_exception(ValueError(settings)))


def logged(settings):
    stream = io.StringIO()
    record = logging.LogRecord("meaux", 40, "", 1, "%s %r", (settings, settings), None)
    logging.StreamHandler(stream).emit(record)
    return stream.getvalue()


SHOWN = {
    "repr": repr,
    "str": str,
    "format": format,
    "f-string": lambda settings: f"{settings} {settings!r} {settings!s}",
    "field": lambda settings: f"{settings.api_token} {settings.api_token!r}",
    "per cent": lambda settings: "%s %r" % (settings, settings.api_token),  # noqa: UP031
    "replaced": lambda settings: repr(dataclasses.replace(settings, timezone="UTC")),
    "copied": lambda settings: repr(copy.copy(settings)),
    "traceback": raised_with,
    "log": logged,
    "list": lambda settings: repr([settings.api_token, {settings.api_token: 1}]),
}


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
def test_a_secret_never_shows_itself(show):
    settings = read(D1, {})
    assert settings.api_token.reveal() == TOKEN
    assert TOKEN not in show(settings)


def test_a_secret_is_not_written_by_pickle():
    with pytest.raises(TypeError, match="a secret is never written down"):
        pickle.dumps(read(D1, {}))


def test_a_secret_equals_another_of_the_same_value_only():
    assert Secret("a") == Secret("a")
    assert hash(Secret("a")) == hash(Secret("a"))
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"


def test_an_empty_secret_is_false_and_says_that_it_is_empty():
    assert not Secret("")
    assert repr(Secret("")) == "Secret('')"
    assert repr(Secret("x")) == "Secret(…)"


def write(tmp_path, content):
    path = tmp_path / "secrets.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_missing_secrets_file_sets_nothing(tmp_path):
    assert read_secrets(tmp_path / "secrets.toml") == {}


def test_a_secrets_file_for_something_else_sets_nothing(tmp_path):
    assert read_secrets(write(tmp_path, "[connections.other]\nkey = 1")) == {}


def test_a_secrets_file_is_read(tmp_path):
    path = write(tmp_path, f'[connections.meauxos]\napi_token = "{TOKEN}"')
    assert read_secrets(path) == {"api_token": TOKEN}


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (f"[connections.meauxos]\napi_token = {TOKEN}", "line 2"),
        (f'[connections.meauxos]\napi_token = "{TOKEN}', "secrets.toml"),
        (f"{TOKEN}\n", "line 1"),
        (f'api_token = "{TOKEN}"\napi_token = "{TOKEN}"', "end of document"),
        (f'api_token = "{TOKEN} \xe9"'.encode("latin-1"), "UTF-8"),
        (f'connections = "{TOKEN}"', "connections.meauxos"),
        (f'[connections]\nmeauxos = "{TOKEN}"', "connections.meauxos"),
    ],
    ids=["no quotes", "no end", "no key", "twice", "not UTF-8", "no table", "no section"],
)
def test_a_broken_secrets_file_names_the_place_and_prints_no_content(tmp_path, content, place):
    with pytest.raises(SettingError) as caught:
        read_secrets(write(tmp_path, content))
    printed = "".join(traceback.format_exception(caught.value))
    assert place in str(caught.value)
    assert TOKEN not in printed
