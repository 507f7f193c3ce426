"""Who may enter in these tests, and what a browser keeps and asks for, without drawing anything."""

from contextlib import contextmanager

import requests
from visits import visit

ACCESS = """
[access]
ask = "Anna Meyer"

[[access.people]]
addresses = ["anna@example.com"]
role = "admin"

[[access.people]]
addresses = ["ben@example.com"]
role = "analyst"

[[access.people]]
addresses = ["tess@example.com"]
role = "admin"
teams = ["Platform & data"]

[[access.people]]
addresses = ["tom@example.com"]
role = "analyst"
teams = ["Platform & data"]

[[access.people]]
addresses = ["nora@example.com"]
role = "analyst"
teams = ["Client studio"]

[[access.people]]
domains = ["example.com"]
"""


class Browser:
    """What a browser keeps and asks for, without drawing anything."""

    def __init__(self, url, base="", session=None):
        self.url = url
        self._base = base
        self.session = session or requests.Session()
        self.session.headers["Accept"] = "text/html,*/*"
        self.get("/_stcore/health")

    def get(self, path, **how):
        """Ask for a path below the base path."""
        return self.session.get(self.url + self._base + path, timeout=20, **how)

    def follow(self, path, **how):
        """Go where a page leads."""
        return self.session.get(self.url + path, timeout=20, **how)

    @property
    def cookies(self):
        return dict(self.session.cookies)

    @contextmanager
    def page(self, page="", query="", **how):
        """A session in which this page has run."""
        with visit(self.url + self._base, cookies=self.cookies, **how) as seen:
            yield seen.open(page, query)

    def asks_to_sign_in(self):
        """The provider's form, to which the button leads."""
        with self.page() as seen:
            [path] = seen.press("Sign in").redirects
        return self.follow(path)

    def sign_in(self, name):
        """Sign in at the provider as this person; returns where that ends."""
        form = self.asks_to_sign_in()
        return self.session.post(form.url, data={"sub": name}, timeout=20)

    def sign_out(self):
        """Press the button, and go where it leads."""
        with self.page() as seen:
            [path] = seen.press("Sign out").redirects
        return self.follow(path)
