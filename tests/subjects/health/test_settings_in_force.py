"""The settings in force: each with its value, and no secret among them."""

from dataclasses import replace
from datetime import date

from meaux.data.plan import Plan, read_plan
from meaux.data.settings import SETTINGS, Secret, Settings
from meaux.subjects.health.settings import in_force

GIVEN = Settings(
    account_id="an account",
    api_token=Secret("hidden"),
    gateway_key=Secret("hidden"),
    base_url="https://user:hidden@d1.example.com:8787/api?key=hidden",
    database="/home/hidden/mine.db",
    today=date(2026, 11, 22),
    open_to_all=True,
)


def values(settings=GIVEN, plan=None):
    """The value of each setting by its name."""
    frame = in_force(settings, plan or Plan())
    return dict(zip(frame["setting"], frame["value"], strict=True))


def test_every_setting_has_a_row_and_says_what_is_in_force():
    found = values(plan=read_plan({"thresholds": {"at_risk": 0.7}}))
    assert {one.variable for one in SETTINGS.values()} < set(found)
    assert found["CLOUDFLARE_ACCOUNT_ID"] == "an account"
    assert found["CLOUDFLARE_DATABASE_ID"] == "not set"
    assert (found["MEAUX_TODAY"], found["MEAUX_OPEN"]) == ("2026-11-22", "yes")
    assert found["thresholds.at_risk"] == "0.7"
    assert found["capacity.working_days"] == "Mon, Tue, Wed, Thu, Fri"
    assert found["allowances.ai_usd"] == "not set"


def test_no_secret_no_password_and_no_folder_is_shown():
    found = values()
    assert found["CLOUDFLARE_API_TOKEN"] == "set"  # noqa: S105
    assert found["CLOUDFLARE_GATEWAY_KEY"] == "set"
    assert found["CLOUDFLARE_API_BASE_URL"] == "https://d1.example.com:8787/api"
    assert found["MEAUX_DATABASE"] == "mine.db"
    assert "hidden" not in str(found)


def test_a_setting_that_nobody_has_set_is_its_default():
    frame = in_force(Settings(), Plan())
    assert set(frame["default"]) == {"yes"}
    changed = in_force(replace(Settings(), timezone="Europe/Paris"), Plan())
    assert changed[changed["default"] == "no"]["setting"].tolist() == ["MEAUX_TIMEZONE"]
