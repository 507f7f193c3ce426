"""Which columns hold secrets, and which values look like one."""

import re

import pytest
from later import COLUMNS

from meaux.data.schema import read_model
from meaux.data.schema.secrets import MASK, Secrecy, is_secret, without_secrets
from meaux.data.settings import PROJECT

_SECRETS = """
password password_hash passwordHash totp_secret api_key apiKey APIKey X-API-KEY session_token
access_token token token_hash refresh_tokens cookie session_cookie secret client_secret
private_key hash jwt auth_token_hash api_key_hash key_hash encrypted_password password_digest
user_password2 apikey webhook_secret_value backup_codes ssh_private_key
"""
_NO_SECRETS = """
token_count tokens_used primary_key api_calls total_tokens prompt_tokens input_tokens key
sort_key object_key r2_key public_key content_hash git_hash sha256_hash password_changed_at
token_expires_at is_secret has_password token_type max_tokens token_limit keyboard monkey
hashtag secretary idempotency_key tokens token_budget_per_call provider_credential_source
token_spend tokens_json css_hash tokens_in token_id passport country_code status_code
"""

SIGNED = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVPmB92K27u"
LOOKS = [
    SIGNED,
    "$2b$12$KIXabcdefghijklmnopqrstuvwxyz",
    "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaJObG",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "sk-proj-abcdefghijklmnop1234",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "AKIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMI7K7MDENGbPxRfiCYEXAMPLEKEY0" + "Ab1",
    "-----BEGIN PRIVATE KEY-----\nMIIEvQ",
]
PLAIN = [
    "550e8400-e29b-41d4-a716-446655440000",
    "550e8400e29b41d4a716446655440000",
    "https://example.com/a/Very1Long2Path3WithManyParts4AndMore5Words6",
    "src/meaux/data/schema/secrets/file_name_Long1.py",
    "user_12345678901234567890123456789012345678901234",
    "Total 1,234.50 USD",
]


@pytest.mark.parametrize("name", _SECRETS.split())
def test_a_column_with_this_name_holds_a_secret(name):
    assert is_secret(name)


@pytest.mark.parametrize("name", _NO_SECRETS.split())
def test_a_column_with_this_name_holds_none(name):
    assert not is_secret(name)


@pytest.mark.parametrize("value", LOOKS)
def test_a_value_that_looks_like_a_secret_is_masked_within_a_text_too(value):
    assert without_secrets(value).startswith(MASK)
    assert value not in without_secrets(f"failed for {value} at noon")


@pytest.mark.parametrize("value", PLAIN)
def test_other_values_stay(value):
    assert without_secrets(value) == value


def test_no_query_of_the_product_reads_a_secret():
    model = read_model()
    read = {
        name
        for table in model.tables.values()
        for column in table.columns.values()
        for name in column.candidates
    }
    assert [name for name in sorted(read) if is_secret(name)] == []


def test_of_a_live_database_only_its_secrets_are_masked():
    lines = COLUMNS.read_text(encoding="utf-8").splitlines()[1:]
    names = {line.split("\t")[1] for line in lines}
    assert {name for name in names if is_secret(name)} == {"auth_token_hash"}


def test_no_column_of_the_demo_is_masked():
    names = re.findall(
        r"(?m)^  (\w+) [A-Z]+",
        (PROJECT / "meaux" / "demo" / "schema.sql").read_text(encoding="utf-8"),
    )
    assert len(names) > 300
    assert [name for name in names if is_secret(name)] == []


def test_settings_name_columns_and_tables_in_any_case():
    secrecy = Secrecy.of(["Users.API_Key"], ["User_Sessions"])
    assert secrecy.hides("user_sessions")
    assert secrecy.cell(SIGNED, "users", "api_key") == SIGNED
    assert secrecy.cell(SIGNED, "users", "note") == MASK
    assert secrecy.cell(7, "users", "note") == 7


def test_a_commit_in_a_free_text_stays():
    commit = "Deployed 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"
    assert without_secrets(commit, surely=True) == commit
    assert without_secrets(f"used {SIGNED}", surely=True) == f"used {MASK}"
