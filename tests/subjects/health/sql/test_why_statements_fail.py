"""Why a statement of the SQL console failed."""

from meaux.errors import QueryTimeout
from meaux.subjects.health import sql


def test_a_timeout_advises_what_a_statement_can_change(demo_source):
    words = sql.explained(QueryTimeout(), sql.read("SELECT 1 FROM users"), demo_source.catalog)
    assert words == "The query timed out. Read fewer rows: add a condition on an indexed column."
