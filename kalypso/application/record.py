"""What the folders of an application were rendered from: a file in a hidden folder of the branch.

It is in the branch itself, so a revert brings the right one back, whatever the forge; reconcilers
look into the folders of targets only. Source: docs/adr/0021-applications.md.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from kalypso.application.images import Image, parse_image
from kalypso.errors import KalypsoError, LoadError, Position
from kalypso.git import is_commit
from kalypso.loading import read_documents
from kalypso.report import to_json

FOLDER = ".kalypso"
_HEAD = (
    "# Written by `kalypso app propose`: what the folders of these targets were rendered from.\n"
)


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What one application looked like when it was delivered to a branch."""

    workload: str
    source: str
    """Commit of the application's source."""
    configs: str = ""
    """Commit of the values; empty if there are none."""
    images: Mapping[str, Image] = msgspec.field(default_factory=dict)
    """Exact image by the name that the manifests have for it."""
    targets: Mapping[str, str]
    """Folder by the name of its target; empty for the root."""

    @property
    def path(self) -> str:
        """Where it is in the branch."""
        return record_path(self.workload)

    def text(self) -> str:
        """Return the content of the file."""
        lines = [f"workload: {to_json(self.workload)}", f"source: {self.source}"]
        if self.configs:
            lines.append(f"configs: {self.configs}")
        if self.images:
            lines.append("images:")
            lines += [f"  {to_json(n)}: {to_json(str(i))}" for n, i in sorted(self.images.items())]
        lines.append("targets:")
        lines += [f"  {to_json(n)}: {to_json(f or '.')}" for n, f in sorted(self.targets.items())]
        return _HEAD + "\n".join(lines) + "\n"


def record_path(workload: str) -> str:
    """Return where a branch keeps the record of an application."""
    return f"{FOLDER}/{workload}.yaml"


def read_record(workload: str, files: Mapping[str, bytes], branch: str) -> Record | None:
    """Read the record of an application; None if the branch has none.

    Args:
        workload: Name of the application.
        files: Of the branch.
        branch: How messages name it.

    Raises:
        LoadError: Somebody changed it so that it says nothing any more.
    """
    path = record_path(workload)
    if path not in files:
        return None
    place = f"{branch}:{path}"
    try:
        (document,) = read_documents(place, files[path])
        body = document.value
        return Record(
            workload=workload,
            source=_commit(body["source"]),
            configs=_commit(body["configs"]) if "configs" in body else "",
            images={str(n): parse_image(str(i)) for n, i in (body.get("images") or {}).items()},
            targets={str(n): "" if f == "." else str(f) for n, f in body["targets"].items()},
        )
    except (KalypsoError, KeyError, TypeError, ValueError, AttributeError):
        raise LoadError(
            "the record of what was delivered cannot be read",
            Position(place),
            "bring back the version before, or remove the file; then nothing is known of earlier"
            " deliveries",
            code="bad-record",
        ) from None


def _commit(value: object) -> str:
    if not isinstance(value, str) or not is_commit(value):
        raise ValueError
    return value
