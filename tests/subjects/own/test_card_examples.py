"""The five examples of the guide, each against plain SQL on the demo."""

from numbers import Number

import pytest

from meaux.data.settings import PROJECT
from meaux.subjects.own.folder import files

FOLDER = PROJECT / "docs" / "cards"
EXAMPLES = {file.stem: file for file in files(FOLDER)}
SECONDS = "started_at, 'unixepoch'"
MILLISECONDS = "timestamp / 1000, 'unixepoch'"
WITHIN = "date({0}) BETWEEN '2026-10-23' AND '2026-11-22'"
EXPECTED = {
    "revenue_by_month": (
        "SELECT strftime('%Y-%m', started_at), total(amount_cents) / 100 FROM work_time_sessions"
        " GROUP BY 1 ORDER BY 1"
    ),
    "hours_by_weekday": (
        "SELECT (strftime('%w', started_at, 'unixepoch') + 6) % 7 + 1, total(seconds) / 3600"
        f" FROM time_entries WHERE {WITHIN.format(SECONDS)} GROUP BY 1 ORDER BY 1"
    ),
    "failed_requests_by_route": (
        "SELECT method || ' ' || path, count(*) FROM worker_logs WHERE status BETWEEN 500 AND 599"
        f" AND {WITHIN.format(MILLISECONDS)}"
        " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 15"
    ),
    "newest_sign_ups": (
        "SELECT name, role, (SELECT country FROM user_profiles WHERE user_id = users.id),"
        " substr(created_at, 1, 10) FROM users ORDER BY created_at DESC LIMIT 10"
    ),
    "new_conversations": (
        f"SELECT count(*) FROM ai_conversations WHERE {WITHIN.format('started_at')}"
    ),
}
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def plain(cell):
    """A cell as the expected SQL writes it."""
    if hasattr(cell, "strftime"):
        return cell.strftime("%Y-%m-%d")
    return WEEKDAYS.index(cell) + 1 if cell in WEEKDAYS else cell


def test_every_example_is_tested():
    assert set(EXAMPLES) == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_shows_what_plain_sql_says(rows_of, demo_rows, fault_of, name):
    text = (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    assert fault_of(text) == ""
    found = [tuple(map(plain, row)) for row in rows_of(text)]
    expected = demo_rows(EXPECTED[name])
    if name == "revenue_by_month":
        expected = [(f"{month}-01", amount) for month, amount in expected]
    assert len(found) == len(expected) > 0
    for one, other in zip(found, expected, strict=True):
        assert [cell for cell in one if isinstance(cell, str)] == [
            cell for cell in other if isinstance(cell, str)
        ]
        numbers = [[c for c in row if isinstance(c, Number)] for row in (one, other)]
        assert numbers[0] == pytest.approx(numbers[1])


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_is_shown_whole_in_the_guide(name):
    guide = (PROJECT / "docs" / "cards.md").read_text(encoding="utf-8")
    assert f"```sql\n{(FOLDER / f'{name}.sql').read_text(encoding='utf-8')}```" in guide
