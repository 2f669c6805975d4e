"""`make lab`, `make lab-status` and `make lab-down`: the sample on real clusters, for a person."""

import platform
import re
import shlex
import shutil
from collections.abc import Mapping

from tools import stacks
from tools.cluster_manifests import provide_manifests
from tools.cluster_parts import ARGO_CD, CLUSTER, FLUX, KWOK, PLUGIN, built, missing, provide
from tools.console import Stop, say, step
from tools.lab.laboratory import Laboratory
from tools.lab.programs import Programs
from tools.project import FORGE, LAB, ROOT, STACKS, VENV
from tools.python_environment import install_kubernetes

PARTS = (PLUGIN, CLUSTER, FLUX, ARGO_CD, KWOK)
CLUSTERS = {"drone": "flux", "large": "argocd"}
_FEW = 4
_STACK_FILE = ROOT / f"Pulumi.{STACKS[0]}.yaml"
_KEY = "  kalypso:clusters:"
_CLUSTERS = re.compile(rf"^(?:  #.*\n)*{_KEY}.*\n(?:    .*\n)*", re.MULTILINE)
_KEPT = "clusters-before.yaml"
_PORT = 3180
"""Where the sample's addresses expect the forge."""


def provide_parts() -> None:
    """Build everything that real clusters take; what is there already is used.

    Raises:
        Stop: This is not Linux, or something cannot be built.
    """
    if platform.system() != "Linux":
        raise Stop("the laboratory runs on Linux only: what it is built of runs nowhere else")
    if wanted := [name for part in PARTS for name in missing(part)]:
        minutes = "25 minutes on two cores" if len(wanted) > _FEW else "some minutes"
        step(f"building {', '.join(wanted)} with Go, once: {minutes}")
    for part in PARTS:
        provide(part)
    provide_manifests()


def up(env: Mapping[str, str]) -> None:
    """Start the laboratory, and let the platform's stack set its clusters up."""
    for program in ("kubectl", "openssl"):
        if shutil.which(program) is None:
            raise Stop(f"the laboratory needs {program}, and it is not on PATH")
    provide_parts()
    install_kubernetes()
    laboratory = Laboratory(LAB)
    step("starting the clusters drone (Flux) and large (Argo CD)")
    laboratory.start(CLUSTERS)
    FORGE.mkdir(parents=True, exist_ok=True)
    step(f"serving the local forge at http://127.0.0.1:{_PORT}")
    laboratory.serve(VENV / "bin" / "kalypso", FORGE, _PORT, env)
    inside = environment(env)
    _write_environment()
    for stack in STACKS:
        stacks.ensure_stack(stack, inside)
    _name_clusters()
    stacks.up(inside)
    say()
    for line in _how_to_look():
        say(line)


def status(_env: Mapping[str, str]) -> None:
    """Say which programs of the laboratory run."""
    if not LAB.is_dir():
        say("there is no laboratory: `make lab` starts one")
        return
    programs = Programs(LAB)
    for name, runs in programs.states().items():
        say(f"  {name:<40} {'runs' if runs else 'ended'}")
        if not runs:
            say(programs.last_lines(name))
    for line in _how_to_look():
        say(line)


def down(env: Mapping[str, str]) -> None:
    """Take the clusters out of the stack, end every program, and remove what they kept."""
    if not LAB.is_dir():
        say("there is no laboratory")
        return
    programs = Programs(LAB)
    step("taking the clusters out of the stack")
    _forget_clusters()
    gone = not all(programs.running(name) for name in CLUSTERS)
    stacks.up({**environment(env), **({"PULUMI_K8S_DELETE_UNREACHABLE": "true"} if gone else {})})
    step("ending the laboratory")
    programs.end()
    shutil.rmtree(LAB)
    say("The laboratory is gone; the repositories of the forge are still there.")


def environment(env: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which the engine finds the clusters and the plugin."""
    path = f"{built(PLUGIN)}:{env['PATH']}"
    return {**env, "PATH": path, "KUBECONFIG": str(LAB / "kubeconfig")}


def _write_environment() -> None:
    """Write what a shell has to know, so that a person's commands find clusters and plugin."""
    path = f'export PATH={shlex.quote(str(built(PLUGIN)))}:"$PATH"'
    config = f"export KUBECONFIG={shlex.quote(str(LAB / 'kubeconfig'))}"
    (LAB / "env").write_text(f"# Made by `make lab`.\n{path}\n{config}\n")


def _name_clusters() -> None:
    """Write the laboratory's clusters into the stack's file; what was there is kept."""
    text = _STACK_FILE.read_text()
    before = _CLUSTERS.search(text)
    kept = LAB / _KEPT
    if not kept.exists():
        kept.write_text(before.group() if before else "")
    lines = "".join(
        f"    - {{name: {name}, provider: existing, context: {name}, install: none,"
        " onDestroy: prune}\n"
        for name in CLUSTERS
    )
    new = f"  # Of the laboratory: `make lab-down` puts back what was here.\n{_KEY}\n{lines}"
    _STACK_FILE.write_text(
        text.replace(before.group(), new) if before else f"{text.rstrip()}\n{new}"
    )


def _forget_clusters() -> None:
    """Put back what the stack's file said of clusters before."""
    text, kept = _STACK_FILE.read_text(), LAB / _KEPT
    now = _CLUSTERS.search(text)
    if now and kept.exists():
        _STACK_FILE.write_text(text.replace(now.group(), kept.read_text()))


def _how_to_look() -> list[str]:
    shown = LAB.relative_to(ROOT)
    return [
        "Look at the clusters:",
        f"  source .venv/bin/activate && source .kalypso/env && source {shown}/env",
        "  kubectl --context drone get namespaces --watch",
        "  kubectl --context drone -n flux-system get gitrepositories,kustomizations",
        "  kubectl --context large -n argocd get applications",
        "  kalypso pr merge 1         and see it arrive",
        "  kalypso status --watch     what every cluster runs",
        "  make lab-down              ends everything",
    ]
