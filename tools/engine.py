"""The Pulumi engine: one that is installed, else the official build, else built with Go."""

import json
import os
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tools.console import Stop, ask, run, say, step
from tools.project import ENGINE, ENGINE_VERSION, OLDEST_ENGINE, ROOT

_BIN = ENGINE / "bin"
_HOST = "pulumi-language-python"
_SCRIPTS = ("pulumi-language-python-exec", "pulumi-resource-pulumi-python")
"""Scripts that Pulumi ships beside its language host."""
_RELEASES = "https://get.pulumi.com/releases/sdk"
_PROBE_SECONDS = 8
_INSTALL_SECONDS = 600
_INSTALL = """
import sys
from pulumi.automation import PulumiCommand
from semver import VersionInfo
PulumiCommand.install(root=sys.argv[1], version=VersionInfo.parse(sys.argv[2]))
"""


def provide_engine(venv: Path) -> Path | None:
    """Provide an engine and return its folder; None if the one on PATH does.

    Args:
        venv: A Python environment with Pulumi's SDK, which knows the official installer.

    Raises:
        Stop: There is no engine, and none can be installed; the message says which ways there are.
    """
    if _suits_on_path():
        return None
    if _is_whole(_BIN):
        return _BIN
    tried = [f"there is no pulumi {'.'.join(map(str, OLDEST_ENGINE))} or later on PATH"]
    ways: tuple[Callable[[], None], ...] = (partial(_install, venv), _build)
    for way in ways:
        try:
            way()
        except Stop as error:
            tried.append(str(error))
            say(f"    {str(error).splitlines()[0]}")
        else:
            return _BIN
    reasons = "\n".join(f"  - {reason}" for reason in tried)
    raise Stop(
        f"no Pulumi engine can be had:\n{reasons}\n"
        "install Pulumi (https://www.pulumi.com/docs/iac/download-install), or Go 1.25 or later, "
        "and run this again"
    )


def version_of(pulumi: str | Path) -> tuple[int, ...] | None:
    """Return the version of an engine, or None if it does not run."""
    found = re.match(r"v?(\d+)\.(\d+)\.(\d+)", ask([pulumi, "version"]) or "")
    return tuple(int(part) for part in found.groups()) if found else None


def _suits_on_path() -> bool:
    found = shutil.which("pulumi")
    if found is None or Path(found).resolve().is_relative_to(ENGINE.resolve()):
        return False
    version = version_of(found)
    hosted = shutil.which(_HOST) is not None
    return hosted and version is not None and OLDEST_ENGINE <= version < (4,)


def _is_whole(folder: Path) -> bool:
    parts = ("pulumi", _HOST, *_SCRIPTS)
    return all((folder / part).exists() for part in parts) and version_of(folder / "pulumi") == (
        tuple(int(part) for part in ENGINE_VERSION.split("."))
    )


def _install(venv: Path) -> None:
    """Install the official build; told at once where the Internet cannot be reached."""
    step(f"Pulumi engine {ENGINE_VERSION}: asking for the official build")
    system = "darwin" if os.uname().sysname == "Darwin" else "linux"
    machine = "arm64" if os.uname().machine in {"arm64", "aarch64"} else "x64"
    url = f"{_RELEASES}/pulumi-v{ENGINE_VERSION}-{system}-{machine}.tar.gz"
    try:
        request = urllib.request.Request(url, method="HEAD")  # noqa: S310 - always https
        urllib.request.urlopen(request, timeout=_PROBE_SECONDS).close()  # noqa: S310 - the same
    except (OSError, urllib.error.URLError) as error:
        raise Stop(f"the official build cannot be reached ({error})") from error
    run(
        [venv / "bin" / "python", "-c", _INSTALL, ENGINE, ENGINE_VERSION],
        what="installing the Pulumi engine",
        seconds=_INSTALL_SECONDS,
    )


def _build() -> None:
    """Build engine and language host with Go."""
    if shutil.which("go") is None:
        raise Stop("there is no Go on PATH to build it with")
    _BIN.mkdir(parents=True, exist_ok=True)
    version = f"github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{ENGINE_VERSION}"
    for name, package, minutes in (
        (_HOST, "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python", "1 minute"),
        ("pulumi", "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", "3 to 6 minutes"),
    ):
        if (_BIN / name).exists():
            continue
        step(f"building {name} with Go: takes {minutes} the first time")
        target, folder = _BIN / name, ROOT / "tools" / name
        scratch = target.with_suffix(".new")
        run(
            ["go", "build", "-ldflags", f"-s -w -X {version}", "-o", scratch, package],
            what=f"building {name}",
            folder=folder,
        )
        scratch.replace(target)
    _copy_scripts()


def _copy_scripts() -> None:
    module = f"github.com/pulumi/pulumi/sdk/v3@v{ENGINE_VERSION}"
    text = run(
        ["go", "mod", "download", "-json", module],
        what="downloading Pulumi's scripts",
        folder=ROOT / "tools" / "pulumi",
    )
    source = Path(json.loads(text)["Dir"]) / "python"
    for name in _SCRIPTS:
        found = next(
            path for path in (source / "cmd" / name, source / "dist" / name) if path.is_file()
        )
        shutil.copyfile(found, _BIN / name)
        (_BIN / name).chmod(0o755)
