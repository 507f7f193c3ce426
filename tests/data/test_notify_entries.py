"""`[[notify]]` in meaux.toml: what may be declared, and what is said of a wrong entry."""

from datetime import time

import pytest

from meaux.data.notifying import Notify
from meaux.data.plan import Plan, read_plan
from meaux.data.readers import WEEKDAYS
from meaux.notify import destinations
from meaux.notify.destinations import RULES

OPS = {"name": "Ops", "address": "ops"}
FULL = {
    "rules": ["budget over", "recorded"],
    "severity": "error",
    "teams": ["Platform"],
    "projects": ["prj_1"],
    "quiet": "22:00-7:00",
    "quiet_days": ["sat", "Sun"],
    "critical_at_once": True,
    "digest": "daily 08:30",
    "repeat_days": 7,
    "resolved": False,
}


def test_two_keys_are_enough():
    assert read_plan({"notify": [OPS]}) == Plan(notify=(Notify("Ops", "ops"),))


def test_every_key_is_read():
    [entry] = read_plan({"notify": [OPS | FULL]}).notify
    assert entry == Notify(
        "Ops",
        "ops",
        ("budget over", "recorded"),
        "Error",
        ("Platform",),
        ("prj_1",),
        (time(22), time(7)),
        ("Sat", "Sun"),
        critical_at_once=True,
        digest=time(8, 30),
        repeat_days=7,
        resolved=False,
    )
    assert set(entry.quiet_days) <= set(WEEKDAYS)


WRONG = {
    "no name": ({"address": "ops"}, "number 1: name is missing"),
    "no address": ({"name": "Ops"}, "address is missing; name a key of [notify] in secrets.toml"),
    "an address": ({"name": "Ops", "address": "json://u:geheim@h"}, "an address is a secret"),
    "a mail address": ({"name": "Ops", "address": "geheim@h.example"}, "an address is a secret"),
    "an address as a name": ({"name": "json://geheim", "address": "ops"}, "looks like an address"),
    "a key with spaces": ({"name": "Ops", "address": "my ops"}, "it is not a key"),
    "a typo": (OPS | {"severty": "Error"}, "unknown key severty; did you mean severity?"),
    "a severity": (OPS | {"severity": "bad"}, "number 1 (“Ops”), severity: unknown value 'bad'"),
    "hours": (OPS | {"quiet": "22:00"}, "write it as 22:00-07:00"),
    "an hour": (OPS | {"quiet": "25:00-07:00"}, "'25:00' is not a time of day; write it as 08:00"),
    "no hours": (OPS | {"quiet": "07:00-07:00"}, "must end at another time than they begin"),
    "a digest": (OPS | {"digest": "hourly"}, "write at once, or daily and a time: daily 08:00"),
    "days": (OPS | {"repeat_days": 0.5}, "0.5 is not a whole number of days"),
    "a flag": (OPS | {"resolved": "no"}, "'no' is not true or false"),
    "no table": ("ops", "must be a table with keys"),
    "rules": (OPS | {"rules": "all"}, "'all' is not a list of rules"),
}


@pytest.mark.parametrize(("entry", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_entry_is_named_and_the_others_still_work(entry, said):
    other = {"name": "Boss", "address": "boss"}
    plan = read_plan({"notify": [entry, other]})
    assert [one.name for one in plan.notify] == ["Boss"]
    [fault] = plan.faults
    assert said in fault.sentence
    assert "geheim" not in fault.sentence
    assert fault.sentence.endswith("Nobody is told through this entry until it is corrected.")


def test_a_name_is_used_once():
    plan = read_plan({"notify": [OPS, OPS | {"name": "OPS"}]})
    assert len(plan.notify) == 1
    assert "name already used by an earlier entry" in plan.faults[0].sentence


def test_one_table_instead_of_a_list_is_explained():
    plan = read_plan({"notify": OPS})
    assert "write each entry under its own [[notify]] line" in plan.faults[0].sentence


def test_somebody_with_teams_learns_of_no_destination():
    assert read_plan({"notify": [OPS]}).only(["Platform"]).notify == ()


def resolved(environ=(), secrets=(), **keys):
    return destinations([Notify("Ops", "ops", **keys)], dict(environ), dict(secrets))


def test_the_address_is_that_of_the_variable_before_that_of_the_secrets_file():
    secrets = {"ops": "json://file.example"}
    [one], _ = resolved({"MEAUX_NOTIFY_OPS": "json://variable.example"}, secrets)
    assert one.address.reveal() == "json://variable.example"
    [one], _ = resolved({}, secrets)
    assert one.address.reveal() == "json://file.example"


@pytest.mark.parametrize(
    ("secrets", "said"),
    [
        ({}, "set ops under [notify] in secrets.toml, or MEAUX_NOTIFY_OPS"),
        ({"ops": "geheim"}, "the address in ops is not an Apprise URL"),
        ({"ops": "nonsense://geheim"}, "the address in ops is not an Apprise URL"),
    ],
)
def test_an_address_that_is_missing_or_none_is_named_but_not_shown(secrets, said):
    found, [fault] = resolved({}, secrets)
    assert found == []
    assert said in fault.sentence
    assert "geheim" not in fault.sentence


def test_a_rule_that_does_not_exist_is_named_with_the_one_that_was_meant():
    _, [fault] = resolved({}, {"ops": "json://h.example"}, rules=("budget ovr",))
    assert "there is no rule budget ovr; did you mean budget over?" in fault.sentence
    found, faults = resolved({}, {"ops": "json://h"}, rules=tuple(rule.name for rule in RULES))
    assert (len(found), faults) == (1, [])
