"""The walkthrough's repositories as chapter 3 finds them, on a local forge, without an engine."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from kalypso.git import NO_COMMIT, RefUpdate, Signature, read_tree, update_refs, write_commit
from kalypso.stack.starting_content import starting_branches
from tests.support.bare_repository import make_bare, read_refs

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample"
GOLDEN = ROOT / "tests/sample/walkthrough"
PLATFORM = {"dev": "2-dev", "stage": "2-stage"}
_ROW = re.compile(r"<div><dt>(.*?)</dt><dd(?: class=\"\w+\")?>(.*?)</dd></div>")
_SECONDS = 60.0


class Walkthrough:
    """A folder with the forge of the walkthrough."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._forge = folder / ".kalypso" / "forge"
        for name in ("app-src", "app-gitops"):
            for branch in sorted(path for path in (SAMPLE / name).iterdir() if path.is_dir()):
                self.fill(f"kalypso-{name}", branch.name, branch)
        for branch_name, golden in PLATFORM.items():
            self.fill("kalypso-gitops", branch_name, GOLDEN / golden)
        self.source = folder / "app-src"
        shutil.copytree(SAMPLE / "app-src/main", self.source)

    def fill(self, repository: str, branch: str, folder: Path) -> None:
        """Commit a folder to a branch."""
        bare = self._forge / f"{repository}.git"
        make_bare(bare, "main")
        old = read_refs(bare).get(f"refs/heads/{branch}", "")
        commit = write_commit(
            bare,
            parents=[old] if old else [],
            changes={
                path.relative_to(folder).as_posix(): path.read_bytes()
                for path in sorted(folder.rglob("*"))
                if path.is_file() and "__pycache__" not in path.parts
            },
            message="fill\n",
            signature=Signature("Ada", "ada@example.com", 1_700_000_000),
        )
        update_refs(bare, [RefUpdate(f"refs/heads/{branch}", old or NO_COMMIT, commit)])

    def with_control_plane(self) -> None:
        """Add the control plane, at the commits that the sample's branches name."""
        bare = self._forge / "kalypso-control-plane.git"
        make_bare(bare, "main")
        url = "http://127.0.0.1:3180"
        for name, branch in starting_branches("control-plane", "kalypso", url).items():
            commit = write_commit(
                bare, parents=[], changes=branch.files, message=branch.message,
                signature=branch.signature,
            )  # fmt: skip
            update_refs(bare, [RefUpdate(f"refs/heads/{name}", NO_COMMIT, commit)])
        self.fill("kalypso-svc-src", "main", SAMPLE / "svc-src/main")

    def promote(self) -> None:
        """Let the environments take main as it is now."""
        bare = self._forge / "kalypso-control-plane.git"
        main = read_refs(bare)["refs/heads/main"]
        for environment in PLATFORM:
            text = self.text(bare.stem, environment, "base-repo.yaml")
            moved = re.sub(r'commit: "?[0-9a-f]{40}"?', f'commit: "{main}"', text)
            self.write(bare.stem, environment, "base-repo.yaml", moved)

    def write(self, repository: str, branch: str, path: str, text: str) -> None:
        """Commit one file to a branch."""
        bare = self._forge / f"{repository}.git"
        old = read_refs(bare)[f"refs/heads/{branch}"]
        commit = write_commit(
            bare,
            parents=[old],
            changes={path: text.encode()},
            message="write\n",
            signature=Signature("Ada", "ada@example.com", 1_700_000_000),
        )
        update_refs(bare, [RefUpdate(f"refs/heads/{branch}", old, commit)])

    def branches(self, repository: str) -> list[str]:
        """Return the branches of a repository."""
        refs = read_refs(self._forge / f"{repository}.git")
        return [ref.removeprefix("refs/heads/") for ref in refs if ref.startswith("refs/heads/")]

    def text(self, repository: str, branch: str, path: str) -> str:
        """Return a file of a branch."""
        files = read_tree(str(self._forge / f"{repository}.git"), branch).files
        return files[path].decode()

    @contextmanager
    def running(self, target: str, *words: str) -> Iterator[str]:
        """Start a target as a person does; give the address of its page."""
        port = free_port()
        command = [sys.executable, "-c", "from kalypso.cli import main; main()", "app", "run"]
        command += [target, "--source", "app-src", "--port", str(port), *words]
        command += ["--run", f"hello-world={sys.executable} -B -m hello_world"]
        given = {**os.environ, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(command, cwd=self.folder, env=given) as process:
            try:
                yield _answering(f"http://127.0.0.1:{port}/", process)
            finally:
                process.terminate()
                assert process.wait(timeout=30) == 0


def free_port() -> int:
    """Return a port that the system gave, and that is free again."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _answering(url: str, process: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + _SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            with urlopen(f"{url}healthz", timeout=5) as answer:  # noqa: S310 - our own address
                assert answer.read() == b"ok\n"
                return url
        except URLError:
            time.sleep(0.1)
    raise AssertionError(f"the service does not answer; exit code {process.poll()}")


def shown_by(chromium: str, url: str, home: Path) -> Mapping[str, str]:
    """Return what a page says, as a browser has it: title, heading, place, and each value."""
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={home}"]
    done = subprocess.run(
        [*command, "--dump-dom", url], capture_output=True, text=True, check=True, timeout=120
    )
    page = done.stdout
    single = {
        "title": r"<title>(.*?)</title>",
        "target": r'<p class="target">(.*?)</p>',
        "heading": r"<h1>(.*?)</h1>",
        "place": r'<p class="place">(.*?)</p>',
    }
    found = {name: re.search(pattern, page) for name, pattern in single.items()}
    return {
        **{name: match[1] if match else "" for name, match in found.items()},
        **dict(_ROW.findall(page)),
    }
