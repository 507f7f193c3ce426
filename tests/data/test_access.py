"""Access: who may enter, as what, for which teams; a mistake lets nobody in who wasn't meant."""

import itertools

import pytest

from meaux.data.access import (
    ENTRY_KEYS,
    EVERYTHING,
    KEYS,
    MISSING,
    OF_TEAMS,
    RIGHTS,
    ROLES,
    Access,
    allowed,
)
from meaux.data.plan import Plan, read_plan, read_plan_file
from meaux.data.settings import PROJECT

ANNA = {"sub": "1", "email": "Anna@Example.com", "email_verified": True, "groups": ["finance"]}
ANNAS = {"addresses": ["anna@example.com"]}
RIGHT = [
    ANNAS | {"role": "admin"},
    {"domains": ["example.com"], "teams": ["Platform"]},
    {"groups": ["finance"], "role": "analyst"},
    {"everyone": True},
]


def entered(*entries, claims=ANNA, **common):
    """What the person of these claims may see by these entries."""
    return allowed(claims, read_plan({"access": common | {"people": [*entries]}}).rules)


def sentence(given):
    """What is said of the only mistake in a file."""
    [fault] = read_plan(given).faults
    return fault.sentence


@pytest.mark.parametrize("entry", RIGHT, ids=lambda entry: next(iter(entry)))
def test_a_person_enters_by_address_domain_group_or_with_everyone(entry):
    found = entered(entry)
    assert found.role == entry.get("role", "viewer")
    assert found.teams == (tuple(entry["teams"]) if "teams" in entry else None)
    assert found.who == "Anna@Example.com"


OTHERS = {
    "another address": {"email": "ann@example.com"},
    "a domain below": {"email": "anna@sub.example.org"},
    "a domain that ends alike": {"email": "anna@notexample.org"},
    "an address in front of an address": {"email": "anna@example.com@evil.example"},
    "an address behind an address": {"email": "evil@evil.example@example.org"},
    "a letter that looks alike": {"email": "anna@e\N{CYRILLIC SMALL LETTER HA}ample.org"},
    "an address that isn't verified": {"email_verified": False},
    "an address that isn't verified, in words": {"email_verified": "false"},
    "an address of unknown verification": {"email_verified": None},
    "no address": {"email": None},
    "a list of addresses": {"email": ["anna@example.com"]},
}


@pytest.mark.parametrize("claims", OTHERS.values(), ids=OTHERS)
def test_nobody_else_enters(claims):
    entries = ANNAS, {"domains": ["example.org"]}, {"groups": ["admins"]}
    assert entered(*entries, claims=ANNA | claims).role is None


NOT_SIGNED_IN = {
    "no claims": {},
    "not signed in": ANNA | {"is_logged_in": False},
    "no subject": {"email": "anna@example.com"},
    "a subject that isn't text": ANNA | {"sub": 1},
}


@pytest.mark.parametrize("claims", NOT_SIGNED_IN.values(), ids=NOT_SIGNED_IN)
def test_everyone_is_everyone_who_is_signed_in(claims):
    assert entered({"everyone": True}, claims=claims).role is None
    assert entered({"everyone": True}).role == "viewer"


@pytest.mark.parametrize("groups", ["finance", ["sales", "finance"], [None, "finance"]])
def test_groups_are_read_from_a_claim_that_can_be_named(groups):
    claims = {"sub": "1", "roles": groups}
    assert entered({"groups": ["finance"]}, claims=claims, claim="roles").role == "viewer"
    assert entered({"groups": ["finance"]}, claims=claims).role is None


@pytest.mark.parametrize("groups", [None, "", "finance, sales", {"finance": 1}, [["finance"]]])
def test_a_claim_of_another_shape_lists_no_group(groups):
    assert entered({"groups": ["finance"]}, claims=ANNA | {"groups": groups}).role is None


def test_the_first_entry_about_a_person_decides():
    assert entered({"domains": ["example.com"]}, ANNAS | {"role": "admin"}).role == "viewer"
    assert entered(ANNAS | {"role": "admin"}, {"domains": ["example.com"]}).role == "admin"


def test_without_the_table_nobody_enters():
    assert allowed(ANNA, Plan().rules) == Access(None, (), "Anna@Example.com")
    assert read_plan({}).rules.closed == MISSING


def test_an_unreadable_file_lets_nobody_in(tmp_path):
    path = tmp_path / "meaux.toml"
    path.write_text('[[access.people]]\naddresses = ["anna@example.com"]\nrole = admin')
    plan = read_plan_file(path)
    assert allowed(ANNA, plan.rules).role is None
    assert "invalid" in plan.rules.closed


MISTAKES = {
    "an unknown role": (ANNAS | {"role": "amdin"}, "role: unknown value 'amdin'"),
    "an unknown key": (ANNAS | {"team": ["Platform"]}, "did you mean teams?"),
    "no teams": (ANNAS | {"teams": []}, "teams: [] is not a list of teams"),
    "a team instead of a list": (ANNAS | {"teams": "Platform"}, "'Platform' is not a list"),
    "an empty team": (ANNAS | {"teams": [""]}, "'' is not text"),
    "nobody": ({"role": "admin"}, "it names nobody; set one of addresses, domains, groups"),
    "no addresses": ({"addresses": []}, "is not a list of addresses"),
    "two kinds of people": (ANNAS | {"groups": ["x"]}, "addresses and groups are both set"),
    "an address that is a domain": ({"addresses": ["example.com"]}, "is not an address"),
    "every address": ({"addresses": ["*@example.com"]}, "is not an address"),
    "a domain that is an address": ({"domains": ["@example.com"]}, "is not a domain"),
    "every domain": ({"domains": ["*.com"]}, "is not a domain"),
    "a whole country": ({"domains": ["com"]}, "is not a domain"),
    "anybody's domain": ({"domains": ["Gmail.com"]}, "anybody can get an address at gmail.com"),
    "a word for yes": ({"everyone": "yes"}, "'yes' is not true"),
    "no": ({"everyone": False}, "False is not true"),
    "not a table": ("anna@example.com", "must be a table with keys"),
}
mistakes = pytest.mark.parametrize(("entry", "words"), MISTAKES.values(), ids=MISTAKES)


@mistakes
def test_a_mistake_is_said_in_a_sentence(entry, words):
    said = sentence({"access": {"people": [RIGHT[0], entry]}})
    assert said.startswith("meaux.toml, [[access.people]] number 2")
    assert words in said
    assert said.endswith("This entry and those after it let nobody in until it is corrected.")


@mistakes
def test_an_invalid_entry_and_those_after_it_let_nobody_in(entry, words):
    assert entered(ANNAS, entry, {"everyone": True}).role == "viewer", words
    assert entered(entry, ANNAS, {"everyone": True}).role is None


WRONG_TABLES = {
    "an unknown key": {"peopel": RIGHT},
    "an unknown key beside the entries": {"people": RIGHT, "hidden": ["keys"]},
    "an entry that is no list": {"people": RIGHT[0]},
    "whom to ask is no text": {"people": RIGHT, "ask": 5},
    "a list": RIGHT,
    "a word": "everyone",
}


@pytest.mark.parametrize("table", WRONG_TABLES.values(), ids=WRONG_TABLES)
def test_a_mistake_in_the_table_keeps_everybody_out(table):
    plan = read_plan({"access": table})
    assert allowed(ANNA, plan.rules).role is None
    assert plan.rules.closed
    assert sentence({"access": table}).endswith("Nobody may enter until it is corrected.")


def test_no_part_of_a_right_file_opens_more_than_the_whole():
    """A file whose end is spoilt lets in only whom the whole file lets in, as the same."""
    for order in itertools.permutations(RIGHT):
        whole = entered(*order)
        for place in range(len(order)):
            spoilt = entered(*order[:place], {"role": "viewer"}, *order[place + 1 :])
            assert spoilt in (whole, Access(None, (), whole.who))


def test_each_role_may_do_what_the_one_before_may():
    assert [sorted(RIGHTS[role]) for role in ROLES] == [
        ["pages"],
        ["catalog", "files", "log", "pages", "sql"],
        ["cards", "catalog", "files", "health", "log", "pages", "sql"],
    ]


@pytest.mark.parametrize("role", ROLES)
def test_who_has_teams_gets_nothing_that_covers_the_whole_database(role):
    mine = {right for right in RIGHTS["admin"] if Access(role, ("Platform",)).may(right)}
    assert mine == RIGHTS[role] & OF_TEAMS


def test_who_may_not_enter_may_nothing_and_who_needs_not_sign_in_may_everything():
    assert not any(map(Access(None).may, RIGHTS["admin"]))
    assert all(map(EVERYTHING.may, RIGHTS["admin"]))


KEYS_OF_ACCESS = [*KEYS.values(), *ENTRY_KEYS.values()]


@pytest.mark.parametrize("setting", KEYS_OF_ACCESS, ids=lambda one: one.name)
def test_a_key_is_described_and_stands_in_the_example(setting):
    example = (PROJECT / ".streamlit" / "meaux.example.toml").read_text(encoding="utf-8")
    assert setting.description.endswith(".")
    assert f"\n{setting.name} = " in example


def test_the_example_has_no_mistake():
    plan = read_plan_file(PROJECT / ".streamlit" / "meaux.example.toml")
    assert plan.faults == ()
    assert {entry.role for entry in plan.rules.entries} == {*ROLES}


def test_hidden_tables_stay_hidden_whatever_else_is_wrong():
    plan = read_plan({"access": {"hide": ["user_sessions"], "aks": "Anna"}})
    assert plan.faults
    assert plan.rules.common.hide == ("user_sessions",)


@pytest.mark.parametrize("written", ["password", ".a", "a.", 3])
def test_what_is_unmasked_is_a_column_of_a_table(written):
    plan = read_plan({"access": {"unmask": [written]}})
    assert plan.faults
    assert plan.rules.common.unmask == ()
