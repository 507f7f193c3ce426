"""Which tests run one after the other in one worker, and which begin."""

from xdist.scheduler import LoadScopeScheduling

WRANGLER = ("tests/worker", "tests/d1")
"""Those whose tests run wrangler, of which one is enough at a time."""
FOLDERS = ("tests/browser", *WRANGLER, "tests/endurance")
"""Those whose tests share a server, a browser, a D1 or a Worker, the longest first."""
COPIES = (
    "tests/pages/odd/test_pages_on_clickhouse.py",
    "tests/query/queries/test_same_rows_on_clickhouse.py",
    "tests/subjects/health/sql/test_sql_on_a_copy.py",
    "tests/subjects/own/test_own_cards_on_a_copy.py",
)
"""Those whose tests read the same copy of the demo on ClickHouse."""
LONG = (
    *("tests/browser", *WRANGLER, "tests/pages", "tests/endurance", "tests/access"),
    *("tests/warehouse", "tests/api", "tests/cli", "tests/reports", "tests/subjects"),
    "tests/query",
)
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
        return WRANGLER[0] if folder in WRANGLER else folder
    if file in COPIES:
        return COPIES[0]
    return nodeid if is_long else file


def area(unit):
    """Where a unit's fixtures of the whole session are likely used again: `tests/pages`."""
    return "/".join(unit.split("/")[:2])


class ByFile(LoadScopeScheduling):
    """Gives a worker all tests that share something, so that it is made once.

    A worker stays in a folder of `tests` until nothing is left there. Then it goes to one where no
    other worker is, or it helps.
    """

    def __init__(self, *options):
        super().__init__(*options)
        self._areas = {}

    def _split_scope(self, nodeid):
        return shared_by(nodeid, is_long=self.config.option.markexpr == "soak")

    def _assign_work_unit(self, node):
        unit = self._next(node)
        self._areas[node] = area(unit)
        self.workqueue.move_to_end(unit, last=False)
        super()._assign_work_unit(node)

    def _next(self, node):
        mine = self._areas.get(node)
        others = {its for other, its in self._areas.items() if other is not node}
        return min(self.workqueue, key=lambda unit: (area(unit) != mine, area(unit) in others))
