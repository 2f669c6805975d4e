"""The record of an environment as files: one for each kind of entry, JSON that people can read.

A file that does not give back exactly what it was read from is damaged or of a newer version, and
is refused as a whole: a record of which a part is dropped could open a gate.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from kalypso.errors import Position, SourceError
from kalypso.promotion.record import Approval, Gate, Hold, Record, Report

VERSION = 1
_KINDS: Mapping[str, Any] = {
    "approvals": tuple[Approval, ...],
    "gates": tuple[Gate, ...],
    "holds": tuple[Hold, ...],
    "reports": tuple[Report, ...],
}


def files_of(record: Record) -> dict[str, bytes]:
    """Return the files of a record; kinds without entries have none."""
    found = {}
    for kind in _KINDS:
        entries = getattr(record, kind)
        if entries:
            found[f"{kind}.json"] = _written(_document(kind, entries))
    return found


def record_of(environment: str, files: Mapping[str, bytes], at: Position) -> Record:
    """Return the record that files hold.

    Args:
        environment: Whose record it is.
        files: By name.
        at: How messages name where they are.

    Raises:
        SourceError: One of the files is damaged, or was written by a newer version.
    """
    unknown = sorted(files.keys() - {f"{kind}.json" for kind in _KINDS})
    if unknown:
        raise _damaged(at, f"it has a file {unknown[0]}")
    entries = {
        kind: _read(kind, files[f"{kind}.json"], at) for kind in _KINDS if f"{kind}.json" in files
    }
    return Record(environment=environment, **entries)


def _read(kind: str, content: bytes, at: Position) -> Any:  # noqa: ANN401 - as the kind says
    try:
        data = json.loads(content)
        if not isinstance(data, dict) or data.get("version") != VERSION:
            raise _damaged(at, f"{kind}.json is not of version {VERSION}")
        entries = msgspec.convert(data.get(kind), _KINDS[kind])
    except (ValueError, RecursionError) as error:
        raise _damaged(at, f"{kind}.json: {error}") from error
    if json.loads(_written(_document(kind, entries))) != data:
        raise _damaged(at, f"{kind}.json has fields that are missing, or not known")
    return entries


def _document(kind: str, entries: object) -> Mapping[str, object]:
    return {"version": VERSION, kind: _sorted(msgspec.to_builtins(entries))}


def _sorted(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Put sets, which come as lists in any order, into one order; they hold text only."""
    if isinstance(value, dict):
        return {
            key: sorted(each) if key in {"authors", "destinations", "statuses"} else _sorted(each)
            for key, each in value.items()
        }
    return [_sorted(each) for each in value] if isinstance(value, list | tuple) else value


def _written(data: Mapping[str, object]) -> bytes:
    return (json.dumps(data, indent=1, sort_keys=True) + "\n").encode()


def _damaged(at: Position, why: str) -> SourceError:
    return SourceError(
        f"the record of promotion cannot be read: {why}",
        at,
        "use the version of Kalypso that wrote it, or put the ref back to where it was intact",
        code="damaged-promotion-record",
    )
