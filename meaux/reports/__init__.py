"""Reports: a page, or a week or month of the business, as a document to send."""

from meaux.reports.make import Report, make
from meaux.reports.scope import Scope, scope_of

__all__ = ["Report", "Scope", "make", "scope_of"]
