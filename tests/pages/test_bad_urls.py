"""Whatever stands in a page's URL, the page opens and says nothing that was not meant."""

import pytest
from bad_input import texts
from hypothesis import strategies as st

from meaux.ui import pages
from meaux.ui.error_boundary import OURS

KEYS = (
    "period", "days", "compare", "grain", "zone", "team", "project", "person", "tab", "top",
    "measure", "calendar", "year", "burn", "once", "on", "status", "priority", "category", "find",
    "page", "open", "table", "place", "sql", "p1", "log", "severity", "words", "at", "nope",
)  # fmt: skip
"""The names that URLs of pages have, and some that they don't."""
WORDS = st.sampled_from(
    ["Custom", "Last 7 days", "Previous period", "2026-11-01", "1999-01-01", "9999-12-31", "Week",
     "Europe/Paris", "team_lab", "Workers", "AI", "SQL", "Catalog", "Email", "Events", "-1", "0",
     "99999999999999999999", "1e999", "active", "DROP TABLE projects", "Lifetime"]
)  # fmt: skip


@pytest.mark.examples(6, 200)
def test_any_url_opens_its_page(fuzz, examples, open_page):
    def check(page, url):
        shown = open_page(page=page, also=url)
        assert shown.exceptions == []
        assert OURS not in shown.words
        assert all(words[-1] in ".?" for words in shown.errors)

    urls = st.dictionaries(
        st.sampled_from(KEYS),
        (WORDS | texts).map(lambda text: text.encode(errors="replace").decode()),
        max_size=4,
    )
    fuzz(check, examples, page=st.sampled_from(pages.PAGES), url=urls)
