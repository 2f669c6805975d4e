"""What a run of the real engine costs at the size of a fleet, beside a preview of an empty program.

A model of ``benchmarks/models.py`` goes onto the local forge, in a folder of its own. Then a
person's day is run: first preview, first delivery, nothing changed, merged, one config map changed.
For each: CPU seconds of everything, the largest process of each kind in MiB, and the size of the
state. The ratio says how much a run costs, whatever the machine.

Run it as ``python benchmarks/pulumi.py [M L X]`` in the environment of the tests, with the engine
that ``make test`` provides. X has a million assignments: of its day, the first delivery is run.
"""

from __future__ import annotations

import atexit
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.models import COMMIT, NAMED, write_model
from kalypso.git import Signature, write_commit
from tests.engine.bench import Bench, up_command
from tests.support.prepared import share_prepared

URL = "http://127.0.0.1:3180"
PREVIEW = ("pulumi", "preview", "-s", "dev", "--non-interactive")
KINDS = ("engine", "program", "provider")
_LOOK_SECONDS = 0.2


@dataclass(slots=True)
class Cost:
    """What one command took."""

    cpu: float = 0.0
    wall: float = 0.0
    peaks: dict[str, int] = field(default_factory=dict)
    """MiB of the largest process, by kind."""
    state: int = 0
    """Bytes."""


class Fleet(Bench):
    """A project with a model of some size on its forge."""

    def bring(self, model: Path) -> None:
        """Make the repositories, and a stack that does not make them itself."""
        for file in model.rglob("*.yaml"):
            text = file.read_text()
            for old, new in (
                ("org/control-plane", "kalypso-control-plane"),
                ("org/gitops", "kalypso-gitops"),
            ):
                text = text.replace(f"https://git.example/{old}", f"{URL}/{new}")
            file.write_text(text.replace("https://git.example/org/", f"{URL}/"))
        base = self._push("kalypso-control-plane", model / "base", "main")
        pointer = model / "env" / "base-repo.yaml"
        pointer.write_text(pointer.read_text().replace(COMMIT, base))
        self._push("kalypso-control-plane", model / "env", "dev")
        for source in sorted((model / "workloads").iterdir()):
            self._push(source.name, source, "main")
        start = model / "start"
        start.mkdir()
        (start / "README.md").write_text("The platform's manifests.\n")
        self._push("kalypso-gitops", start, "dev")
        self.make_stacks("dev")
        self.set("dev", {"platformStack": "none", "conventions": "operator", "issues": "false"})

    def _push(self, name: str, folder: Path, branch: str) -> str:
        """Write a repository's first commit; X has ten thousand repositories."""
        origin, empty = self.forge / f"{name}.git", self.folder / "empty.git"
        if not empty.exists():
            self.good("git", "init", "--quiet", "--bare", str(empty))
        if not origin.exists():
            shutil.copytree(empty, origin)
            (origin / "HEAD").write_text(f"ref: refs/heads/{branch}\n")
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        ada = Signature("Ada", "ada@example.com", 0)
        commit = write_commit(origin, parents=(), changes=files, message="start", signature=ada)
        (origin / "refs/heads" / branch).write_text(f"{commit}\n")
        return commit

    def edit(self) -> None:
        """Change one value for a region, as a person does."""
        work = self.folder / "edited"
        origin = self.forge / "kalypso-control-plane.git"
        self.good("git", "clone", "--quiet", "--branch", "dev", str(origin), str(work))
        file = next(f for f in sorted((work / "configs").iterdir()) if "region:" in f.read_text())
        file.write_text(file.read_text().replace("value-", "changed-"))
        git = ("git", "-C", str(work), "-c", "user.name=Ada", "-c", "user.email=ada@example.com")
        self.good(*git, "commit", "--quiet", "--all", "-m", "Change a value")
        self.good(*git, "push", "--quiet")

    def cost(self, *command: str) -> Cost:
        """Run a command that has to succeed; return what it took."""
        began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        process = self.start(*command)
        found = Cost()
        watcher = threading.Thread(target=_watch, args=(process, found.peaks))
        watcher.start()
        out, _ = process.communicate()
        watcher.join()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if process.returncode:
            sys.exit(out)
        found.wall = time.perf_counter() - began
        found.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        state = self.state / ".pulumi/stacks/kalypso/dev.json"
        found.state = state.stat().st_size if state.is_file() else 0
        return found


def _watch(process: subprocess.Popen[str], peaks: dict[str, int]) -> None:
    while process.poll() is None:
        for kind, size in _sizes(process.pid):
            peaks[kind] = max(peaks.get(kind, 0), size)
        time.sleep(_LOOK_SECONDS)


def _sizes(root: int) -> Iterator[tuple[str, int]]:
    """Return kind and MiB of each process below one."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,rss=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 3) for line in listed.stdout.splitlines()]
    parents = {int(row[0]): int(row[1]) for row in rows}
    for row in rows:
        pid = int(row[0])
        while pid not in {root, 0}:
            pid = parents.get(pid, 0)
        if pid == root and len(row) > 3:
            yield _kind(row[3], is_root=int(row[0]) == root), int(row[2]) // 1024


def _kind(command: str, *, is_root: bool) -> str:
    if is_root:
        return "engine"
    if "components.provider.server" in command:
        return "provider"
    return "program" if "pulumi-language-python-exec" in command else "other"


def _day(fleet: Fleet) -> Mapping[str, Cost]:
    """Run everything once, in order."""
    costs = {
        "first preview": fleet.cost(*PREVIEW),
        "first up": fleet.cost(*up_command("dev")),
        "preview, nothing changed": fleet.cost(*PREVIEW),
    }
    fleet.merge(1)
    fleet.cost(*PREVIEW)
    costs["preview, merged"] = fleet.cost(*PREVIEW)
    fleet.edit()
    costs["preview, one config map changed"] = fleet.cost(*PREVIEW)
    costs["up, one config map changed"] = fleet.cost(*up_command("dev"))
    return costs


def _first_delivery(fleet: Fleet) -> Mapping[str, Cost]:
    return {"first up": fleet.cost(*up_command("dev"))}


def _empty(folder: Path) -> Cost:
    """Preview a program that declares nothing."""
    bench = Fleet(folder)
    (bench.project / "__main__.py").unlink()
    (bench.project / "__main__.py").write_text("")
    bench.make_stacks("dev")
    return bench.cost(*PREVIEW)


def main(names: list[str]) -> None:
    """Measure and print a table."""
    print(
        "| model | command | CPU s | times empty | wall s | engine | program | provider | state |"
    )
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    signal.signal(signal.SIGINT, signal.default_int_handler)  # by which the engine ends plugins
    atexit.register(share_prepared())
    for name in names or ["M"]:
        with tempfile.TemporaryDirectory(prefix="kalypso-bench-") as folder:
            os.environ["XDG_CACHE_HOME"] = str(Path(folder) / "cache")
            empty = _empty(Path(folder) / "empty")
            model = Path(folder) / "model"
            write_model(model, NAMED[name])
            fleet = Fleet(Path(folder) / "fleet")
            fleet.bring(model)
            run = _first_delivery(fleet) if name == "X" else _day(fleet)
            for command, cost in {"preview of an empty program": empty, **run}.items():
                peaks = " | ".join(f"{cost.peaks.get(kind, 0)} MiB" for kind in KINDS)
                print(
                    f"| {name} | {command} | {cost.cpu:.1f} | {cost.cpu / empty.cpu:.1f}"
                    f" | {cost.wall:.1f} | {peaks} | {cost.state / 1000:,.0f} KB |",
                    flush=True,
                )


if __name__ == "__main__":
    main(sys.argv[1:])
