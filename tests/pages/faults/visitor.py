"""A visitor of a D1 that may be faulty: each run of a page is held to what must always be true."""

from time import monotonic, sleep

from faulty import TOKEN

from meaux.data.database.deadline import CALLS
from meaux.data.database.retries import MINUTES
from meaux.ui.error_boundary import OURS
from meaux.ui.loading import cache, data, shared

LONGEST = 40
"""Seconds that a page may take, whatever the fault."""


class Visitor:
    """Opens a page and looks at it again and again, while the server is broken and mended."""

    def __init__(self, server, open_page, pass_by, databases, caplog):
        self.server = server
        self.page = None
        self.runs = []
        self._open_page = open_page
        self._pass_by = pass_by
        self._databases = databases
        self._caplog = caplog

    def open(self, page, **url):
        self.look("cold", lambda: self._open_page(None, page, **url))

    def look(self, name, act):
        """Do something; what comes of it is a page, without a word of a traceback."""
        self._caplog.clear()
        self.server.calls = 0
        begun = monotonic()
        self.page = act()
        self.runs.append((name, self.server.calls, monotonic() - begun))
        assert self.page.exceptions == [], name
        assert OURS not in self.page.words, name
        assert [one for one in self._caplog.records if one.exc_info] == [], name
        assert TOKEN not in self.page.words, name
        assert self.server.calls <= CALLS, name
        if self.page.is_closed:
            [sentence] = self.page.errors
            assert sentence.endswith("."), name
        else:
            assert self.page.strip, name

    def break_by(self, fault):
        self.server.break_by(fault)

    def mend(self):
        """Have the fault be over, and let the time pass for which failures are remembered."""
        self.server.mend()
        while cache.questions._flying or shared.openings._flying:
            sleep(0.01)
        self._pass_by(2 * MINUTES)
        for database in self._databases:
            database._silent_until = float("-inf")

    def forget(self):
        """Have the app be cold again."""
        self._open_page.__globals__["forget"]()
        self._databases.clear()

    def open_anew(self, button):
        """Press a button of a closed page; else have the schema be read anew."""
        if self.page.is_closed:
            return self.page.press(button)
        data.reopen()
        self.page.app.session_state["reopen"] = self.page.app.session_state["refresh"] = True
        return self.page.run()

    @property
    def values(self):
        """The number cards of the page."""
        return {label: self.page.figure(label).value for label in self.page.figures()}

    def sees_nothing_wrong(self, right):
        """No figure has another value than it should have; one that can't be known has none."""
        return all(value in (right[label], "-") for label, value in self.values.items())
