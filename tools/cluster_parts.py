"""What tests and the laboratory take, built with Go: providers' plugins, and clusters' programs.

Users need none of this: the engine fetches the released plugins. A build takes some minutes of two
cores, so what it made is kept outside the clone, under the hash of what it was built from.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tools.console import Stop, run, step
from tools.project import ROOT

_HELM = "v3.21.4"
_KUBERNETES = "v1.36.3"
_PLUGIN = "4.25.0"
_PLUGIN_MODULE = "github.com/pulumi/pulumi-kubernetes/provider/v4"


@dataclass(frozen=True, slots=True)
class Part:
    """A Go module of ours below `tools/`, and the programs that it builds."""

    folder: str
    packages: Mapping[str, str]
    """Package by the name of its program."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """What the linker writes into the programs: value by variable."""
    prepare: Callable[[Path], None] | None = None
    """Makes files that the module embeds, in a copy of its folder."""


def _embed(folder: Path) -> None:
    """Make the files that the plugin embeds, as its module's generate.go does."""
    found = go(["mod", "download", "-json", _PLUGIN_MODULE], folder, "fetching the provider")
    source = Path(json.loads(found[found.index("{") :])["Dir"]) / "cmd/pulumi-resource-kubernetes"
    for name in ("schema", "terraform-mapping"):
        document = json.loads((source / f"{name}.json").read_text())
        if name == "schema":
            document["version"] = _PLUGIN
        text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
        (folder / f"{name}-embed.json").write_text(text)


CLUSTER = Part(
    "kubernetes",
    {
        "etcd": "go.etcd.io/etcd/server/v3",
        "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
        "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
        "kube-scheduler": "k8s.io/kubernetes/cmd/kube-scheduler",
    },
    {
        "k8s.io/component-base/version.gitVersion": _KUBERNETES,
        "k8s.io/component-base/version.gitMajor": _KUBERNETES.removeprefix("v").split(".")[0],
        "k8s.io/component-base/version.gitMinor": _KUBERNETES.split(".")[1],
    },
)
FLUX = Part(
    "flux",
    {
        "source-controller": "github.com/fluxcd/source-controller",
        "kustomize-controller": "github.com/fluxcd/kustomize-controller",
    },
)
ARGO_CD = Part(
    "argocd", {"argocd": "github.com/argoproj/argo-cd/v3/cmd", "argocd-cache": "./cache"}
)
KWOK = Part("kwok", {"kwok": "sigs.k8s.io/kwok/cmd/kwok"})
HELM = Part(
    "helm",
    {"helm": "helm.sh/helm/v3/cmd/helm"},
    {"helm.sh/helm/v3/internal/version.version": _HELM},
)
YAML_HOST = Part(
    "pulumi-language-yaml",
    {"pulumi-language-yaml": "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"},
)
NODEJS_SDK = Part("pulumi", {"sdk-for-nodejs": "./sdk-for-nodejs"})
"""Writes the package's SDK for Node.js; a host for that language cannot be had as a Go package."""
PLUGIN = Part(
    "pulumi-resource-kubernetes",
    {"pulumi-resource-kubernetes": "."},
    {f"{_PLUGIN_MODULE}/pkg/version.Version": _PLUGIN},
    _embed,
)

GITHUB = Part(
    "pulumi-resource-github",
    {"pulumi-resource-github": "."},
    {"main.version": "6.15.0"},  # of the SDK, which requirements-sdks.txt pins
)


def built(part: Part) -> Path:
    """Return the folder with the programs of a part, whether or not they are there."""
    digest = hashlib.sha256()
    folder = ROOT / "tools" / part.folder
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return cache() / digest.hexdigest()[:20]


def cache() -> Path:
    """Return the folder for what takes long to make, outside the clone."""
    given = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(given) / "kalypso" / "tools"


def provide(part: Part) -> Path:
    """Return the folder with the programs of a part; build those that are not there.

    Another process may ask for the same part meanwhile: one builds it, the other waits.

    Raises:
        Stop: The programs cannot be built.
    """
    folder = built(part)
    if not missing(part):
        return folder
    if shutil.which("go") is None:
        raise Stop("there is no Go on PATH to build clusters with: https://go.dev/doc/install")
    with _alone(part):
        for name in missing(part):
            step(f"building {name} with Go: takes up to 10 minutes the first time")
            _build(part, name, part.packages[name], folder)
    return folder


def missing(part: Part) -> list[str]:
    """Return the programs of a part that are not there."""
    return [name for name in part.packages if not (built(part) / name).is_file()]


@contextmanager
def _alone(part: Part) -> Iterator[None]:
    """Wait until no other process builds a part; the system ends the lock with its process."""
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / f"{part.folder}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(part: Part, name: str, package: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    flags = " ".join(["-s -w", *(f"-X {key}={value}" for key, value in part.variables.items())])
    with tempfile.TemporaryDirectory() as scratch:
        module = Path(scratch) / part.folder
        shutil.copytree(ROOT / "tools" / part.folder, module)
        if part.prepare:
            part.prepare(module)
        made = folder / f"{name}.new"
        arguments = ["build", "-p", "2", "-trimpath", "-ldflags", flags, "-o", str(made), package]
        go(arguments, module, f"building {name}")
    made.replace(folder / name)


def go(arguments: list[str], folder: Path, what: str) -> str:
    """Run Go, out of the way of everything else, and return what it prints."""
    env = {**os.environ, "CGO_ENABLED": "0", "GOPROXY": _proxies()}
    return run(["nice", "-n", "19", "go", *arguments], what=what, folder=folder, env=env)


def _proxies() -> str:
    """Return where modules come from, without `direct`.

    A version that does not exist is then told as such, and not as a git that fails.
    """
    said = run(["go", "env", "GOPROXY"], what="asking Go for its proxies").strip()
    return ",".join(each for each in re.split("[,|]", said) if each != "direct") or said
