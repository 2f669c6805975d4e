"""`PreviewFiles`: the old texts of changed files, which a preview compares with the new ones.

Nothing is made, and nothing of it is ever in a state: only a dry run declares it, with the option
`import_`. The engine then reads it, and shows what is read beside what is declared.
"""

from kalypso.errors import DeliveryError, KalypsoError, Position
from kalypso.stack import read_texts

from ..resource_arguments import PreviewFilesArgs
from .resource import Difference, Kind, Present, Report, property_path, required_inputs
from .values import Properties, texts

_SHOWN_ID = "only in previews"
"""What the engine shows as the id: the real one names a folder of this machine."""


class PreviewFiles:
    """Answers with old texts, and refuses to be made."""

    inputs = required_inputs(PreviewFilesArgs)

    def create(self, inputs: Properties, report: Report) -> Present:
        """Refuse: it would be in the state."""
        del inputs, report
        raise _refused()

    def read(self, resource_id: str, state: Properties, inputs: Properties) -> Present:
        """Return the old texts; without them the new ones are shown as if they were all new.

        Whatever is wrong here must not end a preview, which has said all that matters.
        """
        del state, inputs
        try:
            files = read_texts(resource_id)
        except KalypsoError:
            files = {}
        return Present(_SHOWN_ID, {"files": {**files}}, {})

    def diff(self, state: Properties, old: Properties, inputs: Properties) -> Difference:
        """Name each file that differs."""
        del old
        before, after = texts(state, "files"), texts(inputs, "files")
        details = {}
        for path in sorted(before.keys() | after.keys()):
            kind = _kind(before.get(path), after.get(path))
            if before.get(path) != after.get(path):
                details[property_path("files", path)] = kind
        if inputs.get("more"):
            details["more"] = Kind.ADDED
        return Difference(changed=bool(details), details=details, of_outputs=True)

    def update(self, state: Properties, inputs: Properties, report: Report) -> Properties:
        """Refuse: it would be in the state."""
        del state, inputs, report
        raise _refused()

    def delete(self, state: Properties) -> None:
        """Do nothing: there is nothing to remove."""
        del state


def _kind(before: str | None, after: str | None) -> Kind:
    if before is None:
        return Kind.ADDED
    return Kind.REMOVED if after is None else Kind.CHANGED


def _refused() -> DeliveryError:
    return DeliveryError(
        "the files of a preview cannot be made: only `pulumi preview` shows them",
        Position("kalypso:preview:Files"),
        "declare no resource of this type in a program of your own",
        code="only-in-previews",
    )
