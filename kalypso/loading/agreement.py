"""Whether what a user names is what the model means: the environment, its branch and its base.

Source: docs/explanation/model.md, "Where the model is read from".
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence

from kalypso.errors import Collector, ModelError, Position
from kalypso.git import is_remote
from kalypso.loading.raw import read_objects
from kalypso.loading.scope import Scope
from kalypso.loading.start import ControlPlane
from kalypso.loading.tree import ignored_files
from kalypso.model import BaseRepo, Environment, Source
from kalypso.spelling import nearest

_ENVIRONMENT_KIND = re.compile(rb"^kind:\s*[\"']?Environment\b", re.MULTILINE)


def ignored_environments(source: Source, problems: Collector) -> tuple[Environment, ...]:
    """Read the Environment objects in files of a base that an ignore file leaves out."""
    found = Scope(Collector())
    for path in [*ignored_files(source)]:
        if _ENVIRONMENT_KIND.search(source.files[path]):
            found.add(read_objects(source.place(path), source.files[path], found.problems))
    problems.errors += found.problems.errors
    return found.of(Environment)


def check_environments(
    environments: Sequence[Environment], start: ControlPlane, problems: Collector
) -> None:
    """Compare what a user asks for with the Environment objects that there are."""
    for environment in environments:
        if environment.name == start.environment:
            _check_agrees(environment, start, problems)
    _check_known(environments, start, problems)
    _check_checkout(environments, start, problems)


def _check_agrees(environment: Environment, start: ControlPlane, problems: Collector) -> None:
    """Refuse an Environment that names another place than the one that is read."""
    wanted, used = environment.control_plane, start.pointer
    if used is None:
        return
    for what, named_there, given_here in (
        ("repository", _plain(wanted.repo), _plain(used.repo)),
        ("branch", wanted.branch, used.branch),
        ("path", wanted.path, used.path),
    ):
        if named_there != given_here and (given_here or what != "repository"):
            problems.error(
                ModelError(
                    f"the Environment {environment.name!r} names the {what} {named_there!r},"
                    f" the settings {given_here!r}",
                    wanted.at,
                    _way_to_agree(used.repo) if what == "repository" else "make them agree",
                    code="environment-disagrees",
                )
            )


def _way_to_agree(used: str) -> str:
    if is_remote(used):
        return "make them agree"
    return (
        "a folder is previewed by the setting model.folder, in place of this address:"
        f" `pulumi config set kalypso:model.folder {shlex.quote(used)}` and"
        " `pulumi config rm kalypso:repositories.control-plane`"
    )


def check_base(base: BaseRepo, start: ControlPlane, problems: Collector) -> None:
    """Warn if a base that a user named is not the one that the environment points at."""
    given, meant = start.base, base.pointer
    if given is None:
        return
    same_repository = not given.repository or _last(given.repository) == _last(meant.repo)
    if same_repository and given.branch in ("", meant.branch):
        return
    used = "@".join(part for part in (given.repository, given.branch) if part)
    used = used if given.repository else f"the branch {given.branch!r}"
    problems.warn(
        "other-base",
        f"the BaseRepo {base.name!r} names {meant.repo}@{meant.branch}, and the base that is read"
        f" is {used}",
        meant.at,
        f"{given.shown} stands for the base here; nothing else reads it from there",
    )


def _check_known(
    environments: Sequence[Environment], start: ControlPlane, problems: Collector
) -> None:
    name = start.environment
    known = {each.name for each in environments}
    if not known or name in known or name in _branches(start):
        return
    near = nearest(name, known)
    problems.error(
        ModelError(
            f"there is no environment {name!r}: the base has {_listed(known)}, and the control"
            " plane no branch of this name",
            environments[0].at,
            f"did you mean {near!r}?" if near else "name one of these, or add an Environment",
            code="unknown-environment",
        )
    )


def _branches(start: ControlPlane) -> frozenset[str]:
    if start.pointer is not None:
        return frozenset({start.pointer.branch})
    return start.checkout.branches() if start.checkout else frozenset()


def _check_checkout(
    environments: Sequence[Environment], start: ControlPlane, problems: Collector
) -> None:
    if start.checkout is None or start.checkout.branch in ("", start.environment):
        return
    branch = start.checkout.branch
    branches = {each.control_plane.branch: each.name for each in environments}
    other = branches.get(branch, start.environment)
    if other != start.environment:
        problems.warn(
            "other-checkout",
            f"the checkout is of the branch {branch!r}, which is that of the environment"
            f" {other!r}, and {start.environment!r} is asked for",
            Position(str(start.checkout.folder)),
            f"check out the branch of {start.environment!r}, or ask for {other!r}",
        )


def _listed(names: Iterable[str]) -> str:
    *first, last = (repr(name) for name in sorted(names))
    return f"{', '.join(first)} and {last}" if first else last


def _plain(url: str) -> str:
    return url.removesuffix("/").removesuffix(".git").casefold()


def _last(url: str) -> str:
    return _plain(url).rpartition("/")[2].rpartition(":")[2]
