"""Checks of this machine: programs with their versions, packages, and where the state is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kalypso.doctor.finding import Finding, fix, ok, unknown
from kalypso.doctor.surroundings import Surroundings
from kalypso.stack import Settings

_PROGRAMS = {
    "pulumi": ((3, 180), "https://www.pulumi.com/docs/install"),
    "git": ((2, 34), "https://git-scm.com/downloads"),
}
"""Oldest version that works, and where to get a newer one."""
_NUMBERS = re.compile(r"(\d+)\.(\d+)")
_PASSPHRASES = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")


def check_tools(settings: Settings, around: Surroundings) -> Iterator[Finding]:
    """Check programs, and packages that the settings ask for."""
    for program, (oldest, place) in _PROGRAMS.items():
        yield _program(program, oldest, place, around)
    kinds = {each.provider for each in settings.clusters}
    wanted = []
    if settings.forge.extra and settings.makes_repositories:
        wanted.append((f"pulumi_{settings.forge.extra}", settings.forge.extra))
    if kinds & {"azure", "arc", "existing"}:
        wanted.append(("pulumi_kubernetes", "kubernetes"))
    if kinds & {"azure", "arc"}:
        wanted.append(("pulumi_azure_native", "azure"))
    for module, extra in wanted:
        if around.has_package(module):
            yield ok("package", f"{module} is installed")
        else:
            way = f"pip install 'kalypso-on-pulumi[{extra}]'"
            yield fix("package", f"{module} is not installed", way)


def _program(program: str, oldest: tuple[int, int], place: str, around: Surroundings) -> Finding:
    output = around.version(program)
    if output is None:
        return fix("tool", f"{program} is not installed, or not on PATH", f"install it: {place}")
    found = _NUMBERS.search(output)
    if found is None:
        return unknown("tool", f"{program} does not say its version", f"get one: {place}")
    version = (int(found[1]), int(found[2]))
    if version < oldest:
        need = ".".join(map(str, oldest))
        return fix("tool", f"{program} is {found[0]}, and {need} or later is needed", place)
    return ok("tool", f"{program} {found[0]}")


def check_backend(around: Surroundings) -> Iterator[Finding]:
    """Check where the state is kept, and that its secrets can be read there."""
    backend = around.environment.get("PULUMI_BACKEND_URL", "")
    if not backend:
        message = "PULUMI_BACKEND_URL is not set: the state is where `pulumi login` said last"
        yield unknown("state backend", message, "`pulumi whoami -v` shows where that is")
        return
    if backend.startswith("file://"):
        folder = backend.removeprefix("file://")
        if around.folder_is_writable(folder):
            yield ok("state backend", f"the folder {folder}")
        else:
            yield fix("state backend", f"{folder} cannot be written", "choose another folder")
    else:
        yield ok("state backend", backend.partition("?")[0])
    if not any(around.environment.get(name) for name in _PASSPHRASES):
        message = "no passphrase for secrets in the state is set"
        way = f"set {_PASSPHRASES[0]}, unless stacks have another secrets provider"
        yield unknown("passphrase", message, way)
    else:
        yield ok("passphrase", "set in the environment")
