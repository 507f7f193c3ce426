"""Keys of the API: made once, kept as hashes, compared in constant time, revoked."""

import hmac
import json
import stat

import pytest

from meaux.data import keys
from meaux.data.access import Access
from meaux.errors import SettingError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "below" / "api_keys.json"


def test_a_key_has_256_random_bits_and_is_found_by_itself(path):
    made = [keys.new(path, f"key {number}") for number in range(3)]
    assert len(set(made)) == 3
    assert all(len(one) == len(keys.PREFIX) + 43 for one in made)
    held = keys.read(path)
    assert [keys.found(one, held).name for one in made] == ["key 0", "key 1", "key 2"]


def test_the_file_holds_no_key_and_only_its_owner_reads_it(path):
    made = keys.new(path, "script", "analyst", ["Platform"], now="2026-11-22T10:00:00Z")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    [entry] = json.loads(path.read_text(encoding="utf-8"))["keys"]
    assert made.removeprefix(keys.PREFIX) not in path.read_text(encoding="utf-8")
    assert entry.pop("hash") == keys.digest(made)
    assert entry == {
        "name": "script",
        "role": "analyst",
        "teams": ["Platform"],
        "created": "2026-11-22T10:00:00Z",
    }


def test_a_key_gives_its_role_and_its_teams(path):
    made = keys.new(path, "script", "viewer", ["Platform", "Growth", "Platform"])
    found = keys.found(made, keys.read(path))
    assert found.access == Access("viewer", ("Platform", "Growth"), "script")


def test_the_file_is_replaced_at_once_and_nothing_else_is_left_beside_it(path):
    keys.new(path, "one")
    before = path.stat().st_ino
    keys.new(path, "two")
    assert path.stat().st_ino != before
    assert [*path.parent.iterdir()] == [path]


def test_every_stored_hash_is_compared_in_constant_time_whichever_is_right(path):
    made = [keys.new(path, f"key {number}") for number in range(5)]
    held = keys.read(path)
    for token in (*made, "meaux_wrong", ""):
        compared = []

        def same(one, other, compared=compared):
            compared.append((len(one), len(other)))
            return hmac.compare_digest(one, other)

        keys.found(token, held, same)
        assert compared == [(64, 64)] * 5


def test_keys_are_compared_by_the_function_made_for_it():
    assert keys.found.__defaults__ == (hmac.compare_digest,)


def test_a_revoked_key_is_found_no_more(path):
    gone, kept = keys.new(path, "gone"), keys.new(path, "kept")
    keys.revoke(path, "gone")
    held = keys.read(path)
    assert keys.found(gone, held) is None
    assert keys.found(kept, held).name == "kept"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("taken", "already a key named taken"),
        ("", "needs a name"),
        (" ", "needs a name"),
        ("x" * 61, "needs a name"),
        ("a\x00b", "needs a name"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused(path, name, said):
    keys.new(path, "taken")
    with pytest.raises(SettingError, match=said):
        keys.new(path, name)


def test_who_revokes_an_unknown_key_is_told(path):
    with pytest.raises(SettingError, match="no key named nobody"):
        keys.revoke(path, "nobody")


def test_without_a_file_there_is_no_key(path):
    assert keys.read(path) == ()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"keys": 1}',
        '{"keys": [{"name": "a"}]}',
        '{"keys": [{"name": "a", "hash": "b", "role": "owner", "teams": null, "created": "c"}]}',
        '{"keys": [{"name": "a", "hash": "b", "role": "admin", "teams": [], "created": "c"}]}',
        '{"keys": [{"name": "a", "hash": null, "role": "admin", "teams": null, "created": "c"}]}',
        "[" * 100_000,
    ],
)
def test_an_invalid_file_lets_nobody_in(path, content):
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingError, match="not a valid file of keys"):
        keys.read(path)
