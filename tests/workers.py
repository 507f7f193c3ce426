"""Which tests run one after the other in one worker."""

from xdist.scheduler import LoadScopeScheduling

FOLDERS = ("tests/browser", "tests/d1", "tests/endurance", "tests/worker")
"""Those whose tests share a server, a browser, a D1 or a Worker."""


def shared_by(nodeid, *, is_long=False):
    """What a test shares with others: its folder's server or its file's pages; nothing if long."""
    file = nodeid.partition("::")[0]
    folder = file.rpartition("/")[0]
    if folder in FOLDERS:
        return folder
    return nodeid if is_long else file


class ByFile(LoadScopeScheduling):
    """Gives a worker all tests that share something, so that it is made once."""

    def _split_scope(self, nodeid):
        return shared_by(nodeid, is_long=self.config.option.markexpr == "soak")
