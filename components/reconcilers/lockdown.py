"""Flux's own lockdown for several tenants: options of its controllers, in the manifests of others.

An object of Flux then refers to no other namespace, and what names no service account is applied
with the rights of `default`, which has none. The platform's own Kustomizations name the account
that Flux's manifests give the rights of the whole cluster.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

PLATFORM_ACCOUNT = "kustomize-controller"
_ALONE = "--no-cross-namespace-refs=true"
_WITHOUT_RIGHTS = "--default-service-account=default"
_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "kustomize-controller": (_ALONE, _WITHOUT_RIGHTS),
    "helm-controller": (_ALONE, _WITHOUT_RIGHTS),
    "notification-controller": (_ALONE,),
    "image-reflector-controller": (_ALONE,),
    "image-automation-controller": (_ALONE,),
}
"""What each controller is started with, as Flux's documentation says."""


def locked_down(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an object of Flux's manifests, a controller with its options.

    Args:
        document: The object; it is not changed.
    """
    options = _OPTIONS.get(document["metadata"]["name"], ())
    if document["kind"] != "Deployment" or not options:
        return document
    changed = deepcopy(dict(document))
    container = changed["spec"]["template"]["spec"]["containers"][0]
    given = container.get("args") or []
    names = {each.partition("=")[0] for each in options}
    kept = [each for each in given if each.partition("=")[0] not in names]
    container["args"] = [*kept, *options]
    return changed
