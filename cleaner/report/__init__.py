"""Pages for the browser, each one file that needs nothing else: pages explained, and the report of a corpus run."""

from cleaner.report.corpus import report_page
from cleaner.report.explained import explained_page

__all__ = ["explained_page", "report_page"]
