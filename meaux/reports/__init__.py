"""Reports: a page, or a week or month of the business, as a document to send."""

from meaux.data.reporting import Paper
from meaux.reports.kinds import Kind, find, kinds
from meaux.reports.make import Report, make, stem
from meaux.reports.scope import Scope, scope_of

__all__ = [
    "Kind",
    "Paper",
    "Report",
    "Scope",
    "find",
    "kinds",
    "make",
    "scope_of",
    "stem",
]
