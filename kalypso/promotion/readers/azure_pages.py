"""Pages of Resource Graph: all rows or none, and what to do about a refusal.

Resource Graph leaves out what the caller may not read, without saying so, and cuts answers that
are too large. So an answer counts only if every number in it agrees with the others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from kalypso.promotion.findings import Finding, outside
from kalypso.promotion.readers.fields import Fields, Raw, Unclear

_RESETS = re.compile(r"(?P<hours>\d\d):(?P<minutes>\d\d):(?P<seconds>\d\d)")
_LONGEST_PAUSE = 60.0


class Again(msgspec.Struct, frozen=True):
    """Ask again."""

    after: float
    """Seconds, to which the caller adds a little chance."""
    new_token: bool = False


def complete_rows(
    pages: Sequence[Raw], headers: Mapping[str, str] | None = None
) -> tuple[Raw, ...] | Finding:
    """Return the rows of all pages, or why they are not all.

    Args:
        pages: Bodies of the answers, in order.
        headers: Of any of them, by name in lower case.
    """
    hit = (headers or {}).get("x-ms-tenant-subscription-limit-hit", "false").lower()
    if hit != "false":
        return outside("Resource Graph left out subscriptions, as there are too many")
    try:
        return _rows([Fields(page) for page in pages])
    except Unclear as error:
        return outside(f"the answer of Resource Graph cannot be used: {error}")


def _rows(pages: Sequence[Fields]) -> tuple[Raw, ...]:
    if not pages:
        raise Unclear("it has no page")
    rows: list[Fields] = []
    for place, page in enumerate(pages):
        if page.text("resultTruncated") != "false":
            raise Unclear("it is truncated")
        if page.has("$skipToken") == (place == len(pages) - 1):
            raise Unclear("a page is missing or too many")
        if not page.has("data"):
            raise Unclear("data is missing")
        found = page.items("data")
        if page.number("count") != len(found):
            raise Unclear(f"a page has {len(found)} rows, and says {page.number('count')}")
        if page.number("totalRecords") != pages[0].number("totalRecords"):
            raise Unclear("the number of rows changed between pages")
        rows += found
    names = {row.text("id").lower() for row in rows}
    total = pages[0].number("totalRecords")
    if not total == len(rows) == len(names):
        raise Unclear(f"{total} rows were promised, {len(rows)} came, {len(names)} differ")
    return tuple(row.raw for row in rows)


def after_refusal(
    status: int, headers: Mapping[str, str], *, renewed: bool = False
) -> Again | Finding:
    """Return what to do when Azure refuses to answer.

    Args:
        status: Of HTTP.
        headers: By name in lower case.
        renewed: Whether a new token was tried already.
    """
    if status == 429:  # noqa: PLR2004 - too many requests
        return Again(_pause(headers))
    if status == 401 and not renewed:  # noqa: PLR2004 - the token has expired
        return Again(0.0, new_token=True)
    if status in {401, 403}:
        return outside(f"Azure refuses to answer ({status}); the caller needs the role Reader")
    return outside(f"Azure answers with {status}")


def _pause(headers: Mapping[str, str]) -> float:
    given = headers.get("x-ms-user-quota-resets-after", headers.get("retry-after", ""))
    found = _RESETS.fullmatch(given)
    if found:
        parts = (int(found[unit]) for unit in ("hours", "minutes", "seconds"))
        hours, minutes, seconds = parts
        return min(_LONGEST_PAUSE, float(hours * 3600 + minutes * 60 + seconds))
    return min(_LONGEST_PAUSE, float(given)) if given.isdigit() else 5.0
