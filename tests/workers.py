"""Which tests run one after the other in one worker, and which begin."""

from xdist.scheduler import LoadScopeScheduling

FOLDERS = ("tests/browser", "tests/worker", "tests/d1", "tests/endurance")
"""Those whose tests share a server, a browser, a D1 or a Worker, the longest first."""
COPIES = (
    "tests/pages/odd/test_pages_on_clickhouse.py",
    "tests/query/queries/test_same_rows_on_clickhouse.py",
    "tests/subjects/health/sql/test_sql_on_a_copy.py",
    "tests/subjects/own/test_own_cards_on_a_copy.py",
)
"""Those whose tests read the same copy of the demo on ClickHouse."""
LONG = (*FOLDERS, "tests/pages", "tests/warehouse", "tests/reports", "tests/subjects")
"""What begins: if something long came last, one worker would run it while the others wait."""


def place(nodeid):
    """Where a test stands among all: those in a long folder first."""
    places = (place for place, folder in enumerate(LONG) if nodeid.startswith(f"{folder}/"))
    return next(places, len(LONG))


def shared_by(nodeid, *, is_long=False):
    """What a test shares with others: a server, a copy or its file's pages; nothing if long."""
    file = nodeid.partition("::")[0]
    folder = file.rpartition("/")[0]
    if folder in FOLDERS:
        return folder
    if file in COPIES:
        return COPIES[0]
    return nodeid if is_long else file


class ByFile(LoadScopeScheduling):
    """Gives a worker all tests that share something, so that it is made once."""

    def _split_scope(self, nodeid):
        return shared_by(nodeid, is_long=self.config.option.markexpr == "soak")
