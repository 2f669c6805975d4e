"""`make lab` and `make lab-down`, as a person runs them in a clone."""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.platform_bench import until
from tests.engine.bench import ROOT, STACKS, engine_folder
from tools.cluster_parts import PLUGIN, built
from tools.lab.programs import Programs

PARTS = built(PLUGIN)
"""Found now: tests have another cache than whoever built them."""
SECONDS = 600
"""After which a command hangs."""
_COPIED = ("tools", "Makefile", "Pulumi.yaml", *(f"Pulumi.{stack}.yaml" for stack in STACKS))
_LINKED = ("__main__.py", "kalypso", "components", "sample", "pyproject.toml")
_READY = """\
from tools import project, python_environment as made
made._keep_stamp(project.VENV, "requirements-local.txt")
wanted = (project.ROOT / made.KUBERNETES).read_text()
(project.VENV / f"{made._STAMP}-kubernetes").write_text(wanted)
"""
"""Says that the environment of the clone has everything: it is that of the tests."""


class Clone:
    """A clone of this repository in which `make up` could have run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in (*_COPIED, *(path.name for path in ROOT.glob("requirements*.txt"))):
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, folder / name)
        for name in _LINKED:
            (folder / name).symlink_to(ROOT / name)
        self._link_environment(folder / ".venv")
        path = os.pathsep.join(
            [str(folder / ".venv" / "bin"), str(engine_folder()), os.environ["PATH"]]
        )
        cache = str(PARTS.parents[2])
        self.environment = {**os.environ, "PATH": path, "XDG_CACHE_HOME": cache}
        for name in ("KUBECONFIG", "PYTHONPATH", "VIRTUAL_ENV"):
            self.environment.pop(name, None)
        self.run(sys.executable, "-c", _READY)

    @staticmethod
    def _link_environment(venv: Path) -> None:
        """Make an environment that has what that of the tests has, and the SDK for Kubernetes."""
        tests = Path(sys.prefix)
        packages = Path(sysconfig.get_path("purelib"))
        inside = venv / packages.relative_to(tests)
        inside.mkdir(parents=True)
        (venv / "bin").symlink_to(tests / "bin")
        shutil.copy(tests / "pyvenv.cfg", venv)
        paths = f"import site; site.addsitedir({str(packages)!r})\n{ROOT / '.kalypso' / 'sdks'}\n"
        (inside / "tests.pth").write_text(paths)

    def run(self, *command: str) -> str:
        """Run a command that has to succeed, and return what it printed."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=SECONDS,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def shell(self, line: str) -> str:
        """Run a line in a shell that has read what `make up` and `make lab` tell it to."""
        return self.run("sh", "-ec", f". .kalypso/env; . .kalypso/lab/env; {line}")


@pytest.fixture
def clone(folder: Path) -> Iterator[Clone]:
    place = folder / "clone"
    place.mkdir()
    made = Clone(place)
    try:
        yield made
    finally:
        lab = place / ".kalypso" / "lab"
        if lab.is_dir():
            Programs(lab).end(hard=True)


def test_the_laboratory_starts_applies_the_sample_and_goes(clone: Clone) -> None:
    before = {stack: (clone.folder / f"Pulumi.{stack}.yaml").read_text() for stack in STACKS}
    up = clone.run("make", "lab")
    assert "kubectl --context drone get namespaces --watch" in up
    clone.shell("kalypso pr merge 1")
    namespace = "dev-platform-team-observability-prometheus"
    until(
        lambda: clone.shell("kubectl --context large get namespaces -o name"),
        lambda names: namespace in names,
        f"the namespace {namespace}",
    )
    assert "ended" not in clone.run("make", "lab-status")
    down = clone.run("make", "lab-down")
    assert "The laboratory is gone" in down
    assert not (clone.folder / ".kalypso" / "lab").exists()
    for stack, text in before.items():
        assert text in (clone.folder / f"Pulumi.{stack}.yaml").read_text()
    assert "unchanged" in clone.run("make", "up")
