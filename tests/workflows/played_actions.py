"""What the actions of others do that our workflows use, as far as the steps after them see it."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.workflows.expressions import Value

Artifacts = dict[str, dict[str, str]]


def _checkout(inputs: Mapping[str, str], github: Mapping[str, Value], _: Artifacts) -> None:
    """Fetch and check out; the token goes in a header of this one command, and is not kept."""
    assert inputs["persist-credentials"] == "false"
    folder = Path(github["workspace"]) / inputs.get("path", ".")
    folder.mkdir(parents=True, exist_ok=True)
    repository = inputs.get("repository") or github["repository"]
    own = repository == github["repository"]
    wanted = inputs.get("ref") or (github["sha"] if own else "HEAD")
    token = inputs.get("token") or github["token"]
    header = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    environment = {
        "PATH": os.environ["PATH"],
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "http.extraheader",
        "GIT_CONFIG_VALUE_0": f"Authorization: Basic {header}",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    origin = f"{github['server_url']}/{repository}"
    whole = inputs.get("fetch-depth") == "0"
    depth = () if whole else ("--depth=1",)
    branches = ("+refs/heads/*:refs/remotes/origin/*",) if whole else ()
    for command in (
        ("init", "--quiet"),
        ("remote", "add", "origin", origin),
        ("fetch", "--quiet", "--no-tags", *depth, "origin", *branches, f"+{wanted}:refs/kept"),
        ("checkout", "--quiet", "--detach", "refs/kept"),
    ):
        subprocess.run(
            ["git", *command], cwd=folder, env=environment, check=True, capture_output=True
        )
    _date_by_content(folder)


def _date_by_content(folder: Path) -> None:
    """Give each module a date that follows from its content, for bytecode of it to count."""
    listed = subprocess.run(
        ["git", "ls-files", "-s", "-z", "--", "*.py"],
        cwd=folder, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    for line in filter(None, listed.split("\0")):
        about, path = line.split("\t")
        blob = about.split()[1]
        date = 1_000_000_000 + int(blob[:7], 16)
        os.utime(folder / path, (date, date), follow_symlinks=False)


def _setup_python(_: Mapping[str, str], __: Mapping[str, Value], ___: Artifacts) -> None:
    """Do nothing: the Python of these tests is on the path."""


def _upload(inputs: Mapping[str, str], _: Mapping[str, Value], artifacts: Artifacts) -> None:
    """Keep the files of a folder."""
    folder = Path(inputs["path"])
    assert folder.is_dir() or inputs["if-no-files-found"] == "ignore"
    found = {
        path.relative_to(folder).as_posix(): path.read_text(errors="replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    if found:
        artifacts[inputs["name"]] = found


def _attest(inputs: Mapping[str, str], _: Mapping[str, Value], artifacts: Artifacts) -> None:
    """Keep what would be attested: it takes GitHub's own certificate."""
    artifacts["attestation"] = dict(inputs)


ACTIONS: Mapping[str, Callable[[Mapping[str, str], Mapping[str, Value], Artifacts], None]] = {
    "actions/attest-build-provenance": _attest,
    "actions/checkout": _checkout,
    "actions/setup-python": _setup_python,
    "actions/upload-artifact": _upload,
}
