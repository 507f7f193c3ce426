"""Posting: a report to one address, in the message, as files, or both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from meaux.data.notifying import Severity
from meaux.data.reporting import Form
from meaux.data.settings import Secret
from meaux.notify.messages import MAYBE, File, Format, Sent, lines
from meaux.reports import Report
from meaux.reports.message import file_of


@dataclass(frozen=True)
class Letter:
    """A report as a message; `maybe` says that it may have been sent before."""

    report: Report
    form: Form
    maybe: bool = False
    severity: Severity = "Info"

    @property
    def title(self) -> str:
        """The title of the report."""
        return f"{self.report.title} ({MAYBE[:-1].lower()})" if self.maybe else self.report.title

    def body(self, into: Format) -> str:
        """Return the report for a format that shows HTML, else its summary and figures."""
        if into != "html" or self.form == "attachment":
            return lines(self.report.text, into)
        page, pictures = self._page
        for name in pictures:
            page = page.replace(f"cid:{name}", f"cid:{file_of(name)}")
        return page

    def files(self, into: Format) -> Sequence[File]:
        """Return the HTML and the PDF, and the pictures of a body in HTML."""
        found = []
        if self.form != "message":
            stem = self.report.stem
            found.append(File(f"{stem}.pdf", self.report.pdf, "application/pdf"))
            found.append(File(f"{stem}.html", self.report.html.encode(), "text/html"))
        if into == "html" and self.form != "attachment":
            _, pictures = self._page
            found += [
                File(file_of(name), content, "image/png", picture=True)
                for name, content in pictures.items()
            ]
        return found

    @cached_property
    def _page(self) -> tuple[str, dict[str, bytes]]:
        return self.report.page(attached=self.form != "message")


def post(address: Secret, report: Report, form: Form, *, maybe: bool = False) -> Sent:
    """Send a report to an address."""
    from meaux.notify.sending import send  # noqa: PLC0415  Apprise is loaded only if needed

    return send(address, Letter(report, form, maybe))
