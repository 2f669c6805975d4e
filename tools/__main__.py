"""`python3 -m tools COMMAND`: the entry that the Makefile uses."""

import shutil
import sys
from collections.abc import Callable, Mapping

from tools import site, stacks
from tools.cluster_manifests import provide_manifests
from tools.cluster_parts import CLUSTER, GITHUB, PLUGIN, provide
from tools.console import Stop, run, say, step, stop
from tools.engine import provide_engine
from tools.lab import command as lab
from tools.project import ENGINE, MADE, ROOT, VENV, project_name
from tools.pulumi_environment import prepare
from tools.python_environment import check_python, program_environment, test_environment


def main(arguments: list[str]) -> None:
    """Run a command of the Makefile."""
    command = arguments[0] if arguments else ""
    try:
        check_python()
        _check_git()
        if command in _STACK_COMMANDS:
            _STACK_COMMANDS[command](_ready())
        elif command in _COMMANDS:
            _COMMANDS[command]()
        else:
            raise Stop(f"there is no command {command!r}; see `make help`")  # noqa: TRY301 - told like all others
    except Stop as error:
        stop(str(error))
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted; run it again to go on\n")
        sys.exit(130)


def _ready() -> Mapping[str, str]:
    return prepare(provide_engine(program_environment()))


def _check_git() -> None:
    if shutil.which("git") is None:
        raise Stop("there is no git on PATH: install git 2.34 or later")
    run(["git", "--version"], what="git")


def _clean() -> None:
    """Remove what was made; refuses while stacks are up, because their state would be lost."""
    if any((MADE / "state").rglob(f"stacks/{project_name()}/*.json")):
        raise Stop("stacks are still up: run `make destroy` first")
    for folder in (VENV, ENGINE, MADE):
        if folder.exists():
            step(f"removing {folder.relative_to(ROOT)}")
            shutil.rmtree(folder)


def _environment() -> None:
    _ready()
    say("ready: source .venv/bin/activate && source .kalypso/env")


def _test_environment() -> None:
    provide_engine(test_environment())


def _test_clusters() -> None:
    _test_environment()
    for part in (PLUGIN, CLUSTER):
        provide(part)
    provide_manifests()


def _parts() -> None:
    """Build what tests and clusters take; what no cluster needs comes first, for `make test`."""
    provide(GITHUB)
    lab.provide_parts()


def _e2e() -> None:
    _test_environment()
    lab.provide_parts()


_STACK_COMMANDS: Mapping[str, Callable[[Mapping[str, str]], None]] = {
    "up": stacks.up,
    "preview": stacks.preview,
    "destroy": stacks.destroy,
    "lab": lab.up,
    "lab-status": lab.status,
    "lab-down": lab.down,
}
"""Commands that need the environment of the program and its engine."""
_COMMANDS: Mapping[str, Callable[[], None]] = {
    "environment": _environment,
    "test-environment": _test_environment,
    "test-clusters": _test_clusters,
    "cluster-parts": _parts,
    "e2e": _e2e,
    "docs": site.build,
    "clean": _clean,
}


if __name__ == "__main__":
    main(sys.argv[1:])
