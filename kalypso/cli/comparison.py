"""`kalypso validate --schemas`: opens the schemas, compares, and says what was compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from kalypso.cli.form import counted
from kalypso.conformance import (
    Conformance,
    compare_with_schemas,
    may_hold_schemas,
    open_catalogue,
)
from kalypso.errors import Collector
from kalypso.loading import read_folder
from kalypso.model import Evaluation


class Compared(msgspec.Struct, frozen=True):
    """What was compared with schemas, as text and for programs."""

    conformance: Conformance

    def as_json(self) -> dict[str, object]:
        """Return what `-o json` has of it."""
        found = self.conformance
        unknown = [
            {"apiVersion": kind.api_version, "kind": kind.kind, "objects": number}
            for kind, number in found.unknown.items()
        ]
        return {
            "kubernetes": found.kubernetes,
            "compared": found.compared,
            "withoutSchema": unknown,
        }

    def as_text(self) -> str:
        """Return the lines that follow the summary."""
        found = self.conformance
        number = counted(found.compared, "object")
        text = f"{number} compared with schemas of Kubernetes {found.kubernetes}, Flux and Argo CD"
        if not found.unknown:
            return text
        without = counted(sum(found.unknown.values()), "object")
        kinds = ", ".join(f"{many} of {kind}" for kind, many in found.unknown.items())
        return f"{text}\nnote: there is no schema for {without}: {kinds}"


def comparison(folder: str, version: str) -> Callable[[Evaluation, Collector], Compared]:
    """Open the schemas, and return what compares an evaluation with them.

    Args:
        folder: A user's own schemas; empty for none.
        version: Of Kubernetes; empty for the newest that is installed.

    Raises:
        KalypsoError: There is no such folder or version, or Kubernetes' schemas are not installed.
        Problems: Files of the folder are not schemas.
    """
    own = read_folder(Path(folder), may_hold_schemas) if folder else None
    catalogue = open_catalogue(own, version)
    return lambda evaluation, problems: Compared(
        compare_with_schemas(evaluation, catalogue, problems)
    )
