"""Where the times of an answer are in its text, so that they are read without parsing it.

An answer whose text differs from a known one in marked values only has the same objects. Marks are
followed only where a whole form has none left: then the values are times, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from kalypso.promotion.readers.answers import MARK
from kalypso.promotion.readers.fields import Raw
from kalypso.promotion.readers.forms import key_of, whole_form_of

_MARK = MARK.encode()
_TIMED = ("conditions", "history")


class _Entry(NamedTuple):
    """An entry of a list, and which of its values are where in the text."""

    fixed: dict[str, object]
    values: tuple[tuple[str, int], ...]

    def at(self, values: Sequence[str]) -> dict[str, object]:
        """Return the entry with values of its own."""
        found = self.fixed.copy()
        for key, number in self.values:
            text = values[number]
            found[key] = text[1:-1] if text[0] == '"' else int(text)
        return found


class InText(NamedTuple):
    """Where the times of one object are."""

    lists: Mapping[str, tuple[_Entry, ...]]
    """Conditions and history."""
    artifact: _Entry | None


def times_in_text(marked: Sequence[Raw], places: Iterable[int]) -> dict[int, InText] | None:
    """Return where the times of some objects are; None if a mark is where no time is.

    Args:
        marked: The objects, with marks.
        places: Which of them have times that count.
    """
    form = key_of(*map(whole_form_of, marked))
    if form is None or any(_MARK in each for each in form):
        return None
    return {place: _in_text(marked[place]) for place in places}


def reader_of(times: Mapping[int, InText], values: Sequence[str]) -> Callable[[int], Raw]:
    """Return what finds the times of an object by its place, as the object would have them."""

    def read(place: int) -> Raw:
        lists, artifact = times[place]
        status: dict[str, object] = {
            key: [each.at(values) for each in entries] for key, entries in lists.items()
        }
        if artifact is not None:
            status["artifact"] = artifact.at(values)
        return {"status": status}

    return read


def _in_text(raw: Raw) -> InText:
    status = raw.get("status")
    if type(status) is not dict:
        return InText({}, None)
    lists = {
        key: tuple(_entry(each) for each in status[key] if type(each) is dict)
        for key in _TIMED
        if type(status.get(key)) is list
    }
    artifact = status.get("artifact")
    return InText(lists, _entry(artifact) if type(artifact) is dict else None)


def _entry(raw: dict[str, object]) -> _Entry:
    marks = {
        key: int(value.removeprefix(MARK))
        for key, value in raw.items()
        if type(value) is str and value.startswith(MARK)
    }
    fixed = {key: value for key, value in raw.items() if key not in marks}
    return _Entry(fixed, tuple(marks.items()))
