"""The wheel, built from this clone and used without it."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample"
CLI = "import sys; from kalypso.cli import main; sys.argv[0] = 'kalypso'; main()"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and unpack it, which is all that installing a pure wheel does."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def python(site: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run code with the wheel and its dependencies, and without this clone.

    ``-S`` leaves out the `.pth` file by which the environment of the tests sees the clone.
    """
    return subprocess.run(
        [sys.executable, "-S", "-P", "-c", code, *arguments],
        cwd=site,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join([str(site), sysconfig.get_path("platlib")]),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_command_starts_from_the_wheel(installed: Path) -> None:
    done = python(installed, CLI, "version")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("kalypso ")


def test_library_is_the_wheels_and_knows_no_clone(installed: Path) -> None:
    done = python(installed, "import kalypso; print(kalypso.__file__); import components")
    assert done.stdout.strip() == str(installed / "kalypso" / "__init__.py")
    assert "No module named 'components'" in done.stderr


def test_components_and_provider_come_with_the_wheel_under_a_name_of_their_own(
    installed: Path,
) -> None:
    code = (
        "from kalypso_components.platform import Platform;"
        " from kalypso_components.repositories import Repositories;"
        " from kalypso_components.provider.server import main; print(Platform.__module__)"
    )
    done = python(installed, code)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "kalypso_components.platform\n"


def test_script_of_the_provider_names_the_wheels_module(installed: Path) -> None:
    (scripts,) = installed.glob("*.dist-info/entry_points.txt")
    assert (
        "pulumi-resource-kalypso = kalypso_components.provider.server:main" in scripts.read_text()
    )


def test_library_never_imports_pulumi(installed: Path) -> None:
    code = f"import sys\ntry:\n    {CLI}\nfinally:\n    assert 'pulumi' not in sys.modules"
    done = python(installed, code, "validate", *_sample("dev"))
    assert done.returncode == 0, done.stderr


def test_wheel_evaluates_the_sample(installed: Path, tmp_path: Path) -> None:
    done = python(installed, CLI, "render", *_sample("dev"), "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out/large/observability-prometheus/config.yaml").is_file()


def test_mistake_of_a_user_is_told_without_a_traceback(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "slip.yaml").write_text("kind: [\n")
    arguments = [*_sample("dev"), "--control-plane", str(tmp_path)]
    done = python(installed, CLI, "validate", *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_wheel_says_that_it_is_typed_and_carries_its_licence(installed: Path) -> None:
    assert (installed / "kalypso/py.typed").is_file()
    (licence,) = installed.glob("kalypso_on_pulumi-*.dist-info/licenses/LICENSE")
    assert "MIT" in licence.read_text(encoding="utf-8")


def test_wheel_holds_nothing_but_its_two_packages(installed: Path) -> None:
    tops = {path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")}
    assert tops == {"kalypso", "kalypso_components"}


def _sample(environment: str) -> list[str]:
    control_plane = SAMPLE / "control-plane"
    url = "http://127.0.0.1:3180/kalypso-"
    return [
        *("-e", environment, "--base", str(control_plane / "main")),
        *("--control-plane", str(control_plane / environment)),
        *("--repo", f"{url}svc-src={SAMPLE / 'svc-src/main'}"),
        *("--repo", f"{url}app-src={SAMPLE / 'app-src/main'}"),
    ]


def test_schemas_of_reconcilers_are_in_the_wheel_with_their_licence(installed: Path) -> None:
    code = "from kalypso.conformance.shipped_schemas import shipped_schemas as s; print(len(s()))"
    done = python(installed, code)
    assert (done.returncode, done.stdout) == (0, "10\n"), done.stderr
    (folder,) = installed.glob("kalypso_on_pulumi-*.dist-info/licenses")
    beside = folder / "kalypso" / "conformance" / "shipped"
    assert sorted(path.name for path in beside.iterdir()) == ["LICENSE", "NOTICE"]
    metadata = (folder.parent / "METADATA").read_text()
    assert "License-Expression: MIT AND Apache-2.0\n" in metadata
    assert "Provides-Extra: schemas\n" in metadata
