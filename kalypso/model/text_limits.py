"""How long a text may be that a forge shows: GitHub's limits, the narrowest we know."""

from typing import Final

LONGEST_BODY: Final = 65_536
"""Characters of a pull request, an issue or a comment; no forge is given a longer one."""
LONGEST_TITLE: Final = 256
"""Characters of the title of a pull request or an issue."""
LONGEST_COMMENT: Final = LONGEST_BODY - 536
"""Characters of a comment that Kalypso writes: a workflow may add a line of its own."""
LONGEST_SUMMARY: Final = 250_000
"""Characters on the page of a run, for which GitHub takes 1 MiB: one may need four bytes."""
