"""What installs Flux and Argo CD, and what nodes play, out of their own Go modules.

Released manifests are on no package registry; each module has the definitions that they are made
of: kinds and rights. No controller is among them: it would need a node that runs pods.
"""

import hashlib
import json
from pathlib import Path

from tools.cluster_parts import cache, go
from tools.console import Stop, step

SOURCE = "github.com/fluxcd/source-controller@v1.9.6"
KUSTOMIZE = "github.com/fluxcd/kustomize-controller@v1.9.6"
_FLUX_ITSELF = "github.com/fluxcd/flux2/v2@v2.9.5"
ARGO_CD = "github.com/argoproj/argo-cd/v3@v3.2.11"
_FLUX = (
    (SOURCE, "config/crd/bases/*.yaml"),
    (KUSTOMIZE, "config/crd/bases/*.yaml"),
    (_FLUX_ITSELF, "manifests/install/namespace.yaml"),
    (_FLUX_ITSELF, "manifests/rbac/reconciler.yaml"),
)
_ARGOCD = (
    (ARGO_CD, "manifests/crds/application-crd.yaml"),
    (ARGO_CD, "manifests/crds/appproject-crd.yaml"),
    (ARGO_CD, "manifests/cluster-rbac/server/*-clusterrole.yaml"),
)
_KWOK = "sigs.k8s.io/kwok@v0.8.0"
_STAGES = (
    (_KWOK, "kustomize/stage/node/fast/node-initialize.yaml"),
    (_KWOK, "kustomize/stage/node/heartbeat-with-lease/node-*.yaml"),
    (_KWOK, "kustomize/stage/pod/fast/pod-*.yaml"),
)
_FILES = {"flux.yaml": _FLUX, "argocd.yaml": _ARGOCD, "stages.yaml": _STAGES}
_SUMS = {
    _KWOK: "h1:OTIOTwgROqPMovcTwxICx2eYQ4AwLpSx5EpjbDKF4SQ=",
    ARGO_CD: "h1:3hkR11XCp/nlyM2cWr3qeUSGuZgi3JkFdMpzgL5qOR8=",
    _FLUX_ITSELF: "h1:jwCccxvkD+2QnsjN+pl5QqM8KnFUwA8pIoQ1Lf0avkA=",
    KUSTOMIZE: "h1:XB+G3A0mky0j5uVHZWv4oSlS2RvZBoNIUhstIvY0JKE=",
    SOURCE: "h1:nG534/bI6nVpyHra7ONAk6xDB3xPsVT+EOLHZHXPrrc=",
}
"""What each module is, as a go.sum says it."""


def manifests() -> Path:
    """Return the folder with the files, whether or not they are there.

    `flux.yaml` and `argocd.yaml` install a reconciler's kinds, `stages.yaml` is for kwok.
    """
    wanted = repr((_FILES, _SUMS))
    return cache() / hashlib.sha256(wanted.encode()).hexdigest()[:20]


def provide_manifests() -> None:
    """Make the files of `manifests()` if they are not there.

    Raises:
        Stop: A module cannot be had, or is another one than it was.
    """
    folder = manifests()
    for name, parts in _FILES.items():
        if (folder / name).is_file():
            continue
        step(f"collecting {name} from Go modules")
        folder.mkdir(parents=True, exist_ok=True)
        paths = [path for module, files in parts for path in module_files(module, files)]
        documents = [path.read_text() for path in paths]
        scratch = folder / f"{name}.new"
        scratch.write_text("\n---\n".join(documents))
        scratch.replace(folder / name)


def module_files(module: str, files: str) -> list[Path]:
    """Return the files of a Go module that a pattern names, sorted.

    Raises:
        Stop: The module cannot be had, is another one than it was, or has no such file.
    """
    said = go(["mod", "download", "-json", module], Path.home(), f"fetching {module}")
    answer = json.loads(said[said.index("{") :])
    if answer.get("Sum") != _SUMS[module]:
        raise Stop(f"{module} is not what it was: {answer.get('Sum') or answer.get('Error')}")
    found = sorted(Path(answer["Dir"]).glob(files))
    if not found:
        raise Stop(f"{module} has no {files}")
    return found
