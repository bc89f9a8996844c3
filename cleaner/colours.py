"""The colour of each kind, on a terminal and on a page: kinds that belong together share one."""

from __future__ import annotations

from cleaner.document import Kind

# The six that every terminal has. A colour never stands alone: the kind's name is always beside it.
COLOURS = {
    kind: colour
    for colour, kinds in {
        "cyan": (Kind.TITLE, Kind.BYLINE, Kind.DATELINE, Kind.AUTHOR_BIO, Kind.CREDIT, Kind.CAPTION),
        "blue": (Kind.NAVIGATION, Kind.PAGINATION, Kind.TAGS),
        "magenta": (Kind.RELATED,),
        "green": (Kind.SHARE, Kind.COMMENTS, Kind.COUNTER),
        "yellow": (Kind.COPYRIGHT, Kind.LEGAL, Kind.COOKIE, Kind.NOTICE),
        "red": (Kind.ADVERTISING, Kind.PAYWALL, Kind.NEWSLETTER),
    }.items()
    for kind in kinds
}
