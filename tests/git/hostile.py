"""A repository whose settings name a command wherever git takes one."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from kalypso.git.objects import blob_id
from kalypso.git.write import Signature, create_repository, write_commit

_COMMAND = re.compile(
    r"cmd$|command|program|helper|hook|proxy|editor|pager|askpass|driver\b|textconv|clean$|smudge"
    r"|process|external|filter$|fsmonitor|vcs|receivepack|uploadpack|browser|tunnel|update$|alias\."
    r"|guitool|viewer|smtpserver$|httpd|insteadof|include|\.path$|uri$|url$",
    re.IGNORECASE,
)
"""What the keys of settings are called that name a command, or a file or place that may."""
_NOT_TEXT = re.compile(r"hookversion|guitool\.<name>\.(no|needs|confirm)|cached|proxySSL|filter\.t")
"""Among them those for which git takes a number or a boolean only."""
_NAMES = {
    "<url>": "http://127.0.0.1:1/", "<driver>": "evil", "<format>": "openpgp", "<name>": "origin",
    "<tool>": "evil", "<condition>": "gitdir:/", "<base>": "http://127.0.0.1:1/", "*": "evil",
}  # fmt: skip
_SIGNATURE = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n"
WHO = Signature("Ada", "ada@example.com", 1_700_000_000)


def every_key() -> list[str]:
    """Return every key that this git knows, by its own word."""
    listed = subprocess.run(
        ["git", "help", "--config"], check=True, capture_output=True, text=True
    ).stdout
    return [line for line in listed.splitlines() if "." in line and " " not in line]


def command_keys() -> list[str]:
    """Return the keys that can name a command, or something that names one."""
    return [key for key in every_key() if _COMMAND.search(key) and not _NOT_TEXT.search(key)]


@dataclass(frozen=True, slots=True)
class Hostile:
    """A bare repository of two signed commits, its settings, and the file that a command makes."""

    folder: Path
    marker: Path
    first: str
    second: str

    def without(self, content: bytes) -> None:
        """Remove the content of a file, so that git may want to fetch it."""
        found = blob_id(content)
        (self.folder / "objects" / found[:2] / found[2:]).unlink()


def hostile(folder: Path, keys: list[str]) -> Hostile:
    """Make the repository; its settings come last, when nothing is run in it any more."""
    marker, script = folder / "command-ran", folder / "command.sh"
    script.write_text(f"#!/bin/sh\necho ran >> {marker}\nexit 1\n")
    script.chmod(0o755)
    repository = folder / "app.git"
    create_repository(repository, branch="main")
    first = _signed(repository, write_commit(
        repository, parents=[], changes={"a.yaml": b"a: 1\n"}, message="first\n", signature=WHO,
    ))  # fmt: skip
    second = _signed(repository, write_commit(
        repository, parents=[first], changes={"a.yaml": b"a: 2\n", "b.yaml": b"b: 1\n"},
        message="second\n", signature=WHO,
    ))  # fmt: skip
    _git(repository, "update-ref", "refs/heads/main", second)
    _loose(repository)
    (repository / "info").mkdir(exist_ok=True)
    (repository / "info" / "attributes").write_text("* diff=evil filter=evil merge=evil\n")
    for name in ("reference-transaction", "proc-receive", "pre-receive", "update", "post-update"):
        (repository / "hooks").mkdir(exist_ok=True)
        (repository / "hooks" / name).symlink_to(script)
    (repository / "config").write_text(_configuration(keys, script))
    return Hostile(repository, marker, first, second)


def _configuration(keys: list[str], script: Path) -> str:
    more = script.with_name("more.config")
    more.write_text(f"[core]\n\tgitProxy = {script}\n\tsshCommand = {script}\n")
    lines = [
        _setting(key, str(more) if key.startswith("include") else value)
        for key in keys
        for value in (f"{script}", f"!{script}")
    ]
    lines += [
        "[core]", "repositoryformatversion = 1", f"gitProxy = {script}", "[extensions]",
        "partialClone = origin", '[remote "origin"]', "promisor = true",
        "url = git://127.0.0.1:1/x", '[protocol "git"]', "allow = always",
        '[protocol "ext"]', "allow = always", "[log]", "showSignature = true",
        "[gpg]", f"program = {script}",
    ]  # fmt: skip
    return "".join(f"{line}\n" for line in lines)


def _setting(key: str, value: str) -> str:
    for placeholder in re.findall(r"<[^>]+>|\*", key):
        key = key.replace(placeholder, _NAMES.get(placeholder, "evil"), 1)
    section, _, rest = key.partition(".")
    below, _, last = rest.rpartition(".")
    head = f'[{section} "{below}"]' if below else f"[{section}]"
    return f'{head}\n{last} = "{value}"'


def _signed(repository: Path, commit: str) -> str:
    """Write a commit again with a signature, which git would have a program check."""
    text = _git(repository, "cat-file", "commit", commit)
    head, _, message = text.partition("\n\n")
    return _git(
        repository, "hash-object", "-t", "commit", "-w", "--stdin",
        stdin=f"{head}\n{_SIGNATURE}\n{message}",
    ).strip()  # fmt: skip


def _loose(repository: Path) -> None:
    """Keep every object in a file of its own, so that one can be removed."""
    for pack in (repository / "objects" / "pack").glob("*.pack"):
        taken = repository / pack.name
        pack.rename(taken)
        pack.with_suffix(".idx").unlink()
        with taken.open("rb") as opened:
            subprocess.run(
                ["git", "--git-dir", str(repository), "unpack-objects", "-q"],
                check=True, stdin=opened,
            )  # fmt: skip


def _git(repository: Path, *arguments: str, stdin: str = "") -> str:
    return subprocess.run(
        ["git", "--git-dir", str(repository), *arguments],
        check=True, capture_output=True, text=True, input=stdin,
    ).stdout  # fmt: skip
