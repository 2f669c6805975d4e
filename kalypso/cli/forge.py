"""`kalypso forge`: serves the local forge over HTTP, and makes repositories in it."""

from __future__ import annotations

import time
from pathlib import Path

import click

from kalypso.cli.form import say, say_fitted
from kalypso.cli.place import forge_folder, forge_to_be
from kalypso.errors import Position, SettingsError
from kalypso.forge.local import ForgeServer, LocalPlace, start_branch


@click.group()
def command() -> None:
    """Serve the local forge to clusters and people, and make repositories in it."""


@command.command()
@click.option("--forge", type=click.Path(path_type=Path), help="Folder of the forge.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=3180, show_default=True, help="0 takes any that is free.")
@click.option("--allow-push", is_flag=True, help="Take pushes too, from anybody who reaches it.")
def serve(forge: Path | None, host: str, port: int, *, allow_push: bool) -> None:
    """Serve every repository of the forge by git over HTTP until interrupted."""
    folder = forge_folder(forge)
    try:
        server = ForgeServer(folder, (host, port), pushing=allow_push)
    except OSError as error:
        raise SettingsError(
            f"cannot listen on {host}:{port}: {error.strerror}",
            hint="another server may run there already; choose another with --port",
            code="cannot-listen",
        ) from error
    with server:
        base = f"http://{host}:{server.server_address[1]}"
        say_fitted(f"serving {folder.folder} at {base} (Ctrl-C ends it)")
        for name in folder.names():
            say(f"  git clone {base}/{name}")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("stopped")


@command.command()
@click.option("--forge", type=click.Path(path_type=Path), help="Folder of the forge.")
@click.argument("name", metavar="NAME@BRANCH")
def create(forge: Path | None, name: str) -> None:
    """Make a branch with a README in it, and its repository if there is none.

    For a GitOps repository of your own: the GitOpsRepo of an environment names it.
    """
    repository, _, branch = name.partition("@")
    if not branch:
        raise SettingsError(
            "which branch the repository begins with is missing",
            Position(name),
            f"`kalypso forge create {name}@dev`",
            code="option",
        )
    place = LocalPlace(forge_to_be(forge), repository)
    made = start_branch(place, branch, int(time.time()))
    path = place.path
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    what = f"{shown} with branch {branch}" if made else f"branch {branch} in {shown}"
    say_fitted(f"made {what}")
