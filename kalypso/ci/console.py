"""The log of a CI job, in which no content of a model can be a command to the CI system."""

from __future__ import annotations

from typing import TextIO

import msgspec

from kalypso.harmless_text import without_commands, without_secrets


class Console(msgspec.Struct, frozen=True):
    """Standard output and standard error of the job."""

    out: TextIO
    err: TextIO

    def command(self, line: str) -> None:
        """Print a line that the CI system may take for a command."""
        _write(self.out, f"{line}\n")

    def say(self, line: str) -> None:
        """Print a line."""
        self.show(f"{line}\n")

    def show(self, text: str) -> None:
        """Print a text that may have content of a model."""
        _write(self.out, without_commands(without_secrets(text)))

    def show_error(self, text: str) -> None:
        """Print a text that may have content of a model on standard error."""
        _write(self.err, without_commands(without_secrets(text)))


def _write(stream: TextIO, text: str) -> None:
    """Write at once, so that both streams keep their order; what cannot be encoded is escaped."""
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()
