"""Contexts of kubeconfigs, checked before a cluster is asked for anything.

The files are those that kubectl reads: every one that `KUBECONFIG` names, or `~/.kube/config`. A
name that several of them define means what the first one says.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml

from kalypso.errors import Position, Problem, Problems


class _Kubeconfig(msgspec.Struct, frozen=True):
    files: tuple[Path, ...]
    clusters: Mapping[str, Any]
    contexts: Mapping[str, Any]
    users: Mapping[str, Any]
    homes: Mapping[str, Path]
    """File of each cluster, from which its paths count."""

    @property
    def shown(self) -> str:
        return os.pathsep.join(map(str, self.files))


def check_contexts(contexts: Iterable[str], environment: Mapping[str, str]) -> None:
    """Check that contexts can be used; asks no cluster.

    Args:
        contexts: Their names.
        environment: Variables of the process: `KUBECONFIG`, `HOME` and `PATH`.

    Raises:
        Problems: Every context that is missing, incomplete, or that needs a program that is not
            installed; and every file that is not a kubeconfig.
    """
    wanted = dict.fromkeys(contexts)
    problems: list[Problem] = []
    if not wanted:
        return
    found = _read(kubeconfig_files(environment), problems)
    for name in wanted if not problems else ():
        problems += _against(name, found, environment)
    if problems:
        raise Problems(problems)


def unusable_contexts(contexts: Iterable[str], environment: Mapping[str, str]) -> dict[str, str]:
    """Return the contexts that cannot be used, each with the reason; asks no cluster."""
    problems: list[Problem] = []
    found = _read(kubeconfig_files(environment), problems)
    reasons = {name: problems or list(_against(name, found, environment)) for name in contexts}
    return {name: "; ".join(each.message for each in its) for name, its in reasons.items() if its}


def clusters_of_contexts(
    contexts: Iterable[str], environment: Mapping[str, str]
) -> dict[str, tuple[Path, Mapping[str, Any]]]:
    """Return the cluster of each context that can be used, and the file that defines it."""
    found = _read(kubeconfig_files(environment), [])
    named = {name: found.contexts[name].get("cluster") for name in contexts}
    return {
        name: (found.homes[cluster], found.clusters[cluster]) for name, cluster in named.items()
    }


def kubeconfig_files(environment: Mapping[str, str]) -> tuple[Path, ...]:
    """Return the files that kubectl reads, whether or not they exist."""
    given = [name for name in environment.get("KUBECONFIG", "").split(os.pathsep) if name]
    return tuple(map(Path, given)) or (Path(environment.get("HOME", "~"), ".kube", "config"),)


def _read(files: tuple[Path, ...], problems: list[Problem]) -> _Kubeconfig:
    """Read all files that exist; kubectl too passes over those that do not."""
    merged: dict[str, dict[str, Any]] = {"clusters": {}, "contexts": {}, "users": {}}
    homes: dict[str, Path] = {}
    for file in files:
        try:
            document = yaml.safe_load(file.read_text()) if file.exists() else {}
            for kind, known in merged.items():
                for each in (document or {}).get(kind) or ():
                    known.setdefault(each["name"], each.get(kind.removesuffix("s")) or {})
                    if kind == "clusters":
                        homes.setdefault(each["name"], file)
        except (
            OSError,
            UnicodeError,
            yaml.YAMLError,
            TypeError,
            KeyError,
            AttributeError,
        ) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not a kubeconfig"
            hint = "`kubectl config view` reads the same file"
            message = f"the kubeconfig cannot be read: {reason}"
            problems.append(_problem(message, Position(str(file)), hint))
    return _Kubeconfig(files, homes=homes, **merged)


def _against(name: str, found: _Kubeconfig, environment: Mapping[str, str]) -> Iterator[Problem]:
    at = Position(found.shown)
    if name not in found.contexts:
        known = f"contexts: {', '.join(sorted(found.contexts))}" if found.contexts else ""
        hint = known or "set KUBECONFIG to a file that has it"
        yield _problem(f"there is no context {name!r} in the kubeconfig", at, hint)
        return
    context = found.contexts[name]
    for kind, known_names in (("cluster", found.clusters), ("user", found.users)):
        given = context.get(kind)
        if given not in known_names:
            message = f"the context {name!r} names the {kind} {given!r}, which does not exist"
            yield _problem(message, at, "`kubectl config get-contexts` shows all of them")
    program = ((found.users.get(context.get("user")) or {}).get("exec") or {}).get("command")
    if program and shutil.which(program, path=environment.get("PATH")) is None:
        message = f"the context {name!r} signs in with {program!r}, which is not installed"
        yield _problem(message, at, "install it, or put it on PATH")


def _problem(message: str, at: Position, hint: str) -> Problem:
    return Problem("kube-context", message, at, hint)
