"""GitHub's published description of its REST interface, and a proxy that holds calls to it.

Both come from npm, pinned in ``package.json``, and are installed when a test needs them. The
description is cut to the calls that the stand-in server knows: whole, it takes half a minute
to load.
"""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.support.npm import installed

PACKAGES = Path(__file__).with_name("package.json")
CALLS = {
    "/orgs/{org}": ("get",),
    "/orgs/{org}/repos": ("post",),
    "/repos/{owner}/{repo}": ("get", "patch", "delete"),
    "/repos/{owner}/{repo}/branches/{branch}": ("get",),
    "/repos/{owner}/{repo}/commits/{ref}": ("get",),
    "/repos/{owner}/{repo}/contents/{path}": ("get", "put", "delete"),
    "/repos/{owner}/{repo}/environments/{environment_name}": ("get", "put", "delete"),
    "/repos/{owner}/{repo}/environments/{environment_name}/variables": ("post",),
    "/repos/{owner}/{repo}/environments/{environment_name}/variables/{name}": (
        "get",
        "patch",
        "delete",
    ),
    "/repos/{owner}/{repo}/keys": ("get", "post"),
    "/repos/{owner}/{repo}/keys/{key_id}": ("get", "delete"),
    "/repos/{owner}/{repo}/installation": ("get",),
    "/app/installations/{installation_id}/access_tokens": ("post",),
    "/repos/{owner}/{repo}/pulls": ("get", "post"),
    "/repos/{owner}/{repo}/pulls/{pull_number}": ("get", "patch"),
    "/repos/{owner}/{repo}/pulls/{pull_number}/merge": ("put",),
    "/repos/{owner}/{repo}/compare/{basehead}": ("get",),
    "/repos/{owner}/{repo}/git/refs": ("post",),
    "/repos/{owner}/{repo}/statuses/{sha}": ("post",),
    "/repos/{owner}/{repo}/commits/{ref}/statuses": ("get",),
    "/repos/{owner}/{repo}/actions/runs/{run_id}/approvals": ("get",),
    "/repos/{owner}/{repo}/labels": ("post",),
    "/repos/{owner}/{repo}/labels/{name}": ("get",),
    "/repos/{owner}/{repo}/issues": ("get", "post"),
    "/repos/{owner}/{repo}/issues/{issue_number}": ("get", "patch"),
    "/repos/{owner}/{repo}/issues/{issue_number}/comments": ("get", "post"),
    "/repos/{owner}/{repo}/issues/comments/{comment_id}": ("patch",),
    "/repos/{owner}/{repo}/issues/{issue_number}/labels": ("post",),
    "/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}": ("delete",),
}
_START_SECONDS = 120.0


@cache
def cut_description(modules: Path) -> dict[str, Any]:
    """Return GitHub's description with our calls, and all that they refer to."""
    text = (modules / "@octokit/openapi/generated/api.github.com.json").read_text()
    whole: dict[str, Any] = json.loads(text)
    paths = {
        path: {
            name: part
            for name, part in whole["paths"][path].items()
            if name in methods or name == "parameters"
        }
        for path, methods in CALLS.items()
    }
    _loosen(paths)
    cut = {"openapi": whole["openapi"], "info": whole["info"], "paths": paths, "components": {}}
    wanted, seen = [*_references(paths)], set[str]()
    while wanted:
        reference = wanted.pop()
        if reference in seen:
            continue
        seen.add(reference)
        _, _, group, name = reference.split("/")
        part = whole["components"][group][name]
        cut["components"].setdefault(group, {})[name] = part
        wanted += _references(part)
    return cut


@contextmanager
def checking(upstream: str, folder: Path) -> Iterator[str]:
    """Start the proxy in front of a server, and give its address.

    It answers 422 to a call that breaks the description, and 500 in place of an answer
    that does.
    """
    modules = installed("npm", PACKAGES)
    description = folder / "github.json"
    description.write_text(json.dumps(cut_description(modules)))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = modules / "@stoplight/prism-cli/dist/index.js"
    log = folder / "prism.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["node", str(program), "proxy", str(description), upstream, "--errors",
             "--host", "127.0.0.1", "--port", str(port)],
            stdout=out, stderr=subprocess.STDOUT, env={**os.environ, "NO_COLOR": "1"},
        )  # fmt: skip
    try:
        _wait(process, port, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/")
            connection.getresponse()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise RuntimeError(f"the proxy did not start: {log.read_text(errors='replace')[-2000:]}")


def _loosen(part: object) -> None:
    """Let an error fit several shapes: the description has choices of one."""
    if not isinstance(part, dict):
        return
    for key, value in part.items():
        if key == "responses":
            for status, answer in value.items():
                schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
                if status.startswith("4") and "oneOf" in schema:
                    schema["anyOf"] = schema.pop("oneOf")
        else:
            _loosen(value)


def _references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from _references(value)
    elif isinstance(part, list):
        for item in part:
            yield from _references(item)
