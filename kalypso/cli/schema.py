"""`kalypso schema`: JSON Schemas with which editors check the files of a platform model."""

from __future__ import annotations

from pathlib import Path

import click

from kalypso.cli.form import say
from kalypso.errors import Position, SettingsError
from kalypso.loading import KINDS, any_schema, kind_schema
from kalypso.report import to_json
from kalypso.spelling import nearest

ALL = "kalypso.json"
"""File with the schema of all kinds."""


@click.command()
@click.argument("kind", default="", metavar="[KIND]")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help=f"Write {ALL} and one file for each kind into this folder.",
)
def command(kind: str, out: Path | None) -> None:
    """Print the JSON Schema of a kind, or one for files of any kinds.

    An editor that knows YAML checks a file by the schema named in its first line:

    # yaml-language-server: $schema=../.schemas/kalypso.json
    """
    if kind and kind not in KINDS:
        names = {each.casefold(): each for each in KINDS}
        near = nearest(kind.casefold(), names)
        hint = f"did you mean {names[near]!r}?" if near else f"kinds are {', '.join(KINDS)}"
        raise SettingsError(
            f"there is no kind {kind!r}", Position("KIND"), hint, code="unknown-name"
        )
    if out is None:
        say(_text(kind))
        return
    files = {f"{each}.json": each for each in ([kind] if kind else KINDS)}
    if not kind:
        files[ALL] = ""
    _write(out, {name: _text(each) for name, each in files.items()})
    say(f"{len(files)} schemas in {out}")


def _text(kind: str) -> str:
    return to_json(kind_schema(kind) if kind else any_schema())


def _write(out: Path, files: dict[str, str]) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (out / name).write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            f"cannot be written: {error.strerror}", Position(str(out)), code="option"
        ) from None
