"""Rules of the user's own are on the alert strip of the pages, read in the one call of the page."""

import pytest

RULES = """
[[alerts]]
name = "Every project"
metric = "cost"
each = "project"
over = "30d"
above = 0
severity = "Critical"
[[alerts]]
name = "Much time"
metric = "hours"
over = "month"
above = 1
severity = "Critical"
[[alerts]]
name = "Busy Worker"
metric = "requests"
each = "worker"
over = "24h"
above = 0
severity = "Critical"
[[alerts]]
name = "Odd"
metric = "csot"
above = 1
"""


@pytest.mark.parametrize(("rules", "raised"), [("", False), (RULES, True)])
def test_a_page_makes_one_call_with_rules_of_ones_own_and_without(
    open_page, counting, declare, rules, raised
):
    declare(rules)
    home = open_page()
    assert home.exceptions == []
    assert len(counting[0].calls) == 3, "two to open the database, one for the page"
    words = home.words.replace("\\\\", "")
    for name in ("Every project: Cost of ", "Much time: Total time logged is", "Busy Worker: "):
        assert (name in words) is raised
    assert ("Alert rule “Odd” can" in words) is raised
