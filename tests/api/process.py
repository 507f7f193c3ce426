"""The process in which the API runs in these tests."""

from meaux.ui.serving.service import Shared


class Process(Shared):
    """The process of the pages, with a provider and a plan of the test's own."""

    def __init__(self, auth=None):
        self._auth = auth

    def auth(self):
        return self._auth
