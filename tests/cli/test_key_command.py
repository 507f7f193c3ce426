"""`key` makes a key and prints it once, lists the keys, and revokes one."""

from meaux.data import keys


def test_a_new_key_is_printed_once_and_stored_as_a_hash(meaux, tmp_path):
    path = tmp_path / "keys.json"
    made = meaux("key", "new", "script", "--role", "analyst", "--teams", "A", MEAUX_API_KEYS=path)
    assert made.exit_code == 0
    [line] = made.stdout.splitlines()
    held = keys.read(path)
    assert keys.found(line, held).access.role == "analyst"
    assert held[0].teams == ("A",)


def test_the_list_names_each_key_with_its_role_and_teams_but_not_the_key(meaux, tmp_path):
    path = tmp_path / "keys.json"
    made = meaux("key", "new", "one", MEAUX_API_KEYS=path).stdout.strip()
    meaux("key", "new", "other", "--role", "viewer", "--team", "A", "--team", "B")
    told = meaux("key", "list").stdout
    assert [line.split()[0] for line in told.splitlines()] == ["one", "other"]
    assert "all teams" in told
    assert "A, B" in told
    assert made not in told


def test_a_revoked_key_is_gone(meaux, tmp_path):
    path = tmp_path / "keys.json"
    meaux("key", "new", "one", MEAUX_API_KEYS=path)
    assert meaux("key", "revoke", "one").stdout == "Revoked: one.\n"
    assert keys.read(path) == ()
    assert meaux("key", "list").stderr == "No keys.\n"


def test_a_mistake_is_said_in_one_sentence(meaux, tmp_path):
    path = tmp_path / "keys.json"
    told = meaux("key", "new", "one", "--role", "owner", MEAUX_API_KEYS=path)
    assert told.exit_code == 2
    assert "Invalid --role" in told.stderr
    assert meaux("key", "revoke", "none").exit_code == 2
