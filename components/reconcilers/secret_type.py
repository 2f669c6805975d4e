"""The type of a Secret, without the other kinds of its package.

To load all of `pulumi_kubernetes.core.v1` takes a third of a second, which most fleets need not
wait for: Flux and Argo CD are given secrets and objects of their own kinds.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

_PACKAGE = "pulumi_kubernetes.core.v1"
_NAME = f"{_PACKAGE}.Secret"


@cache
def secret_type() -> Any:  # noqa: ANN401 - the SDK is generated, and has no types that are checked
    """Return `Secret` of `pulumi_kubernetes`; whoever loads the package gets the same.

    Raises:
        ModuleNotFoundError: The SDK is not installed.
    """
    core = find_spec(_PACKAGE.rpartition(".")[0])
    folders = (core.submodule_search_locations if core else None) or []
    files = [file for each in folders if (file := Path(each, "v1", "Secret.py")).is_file()]
    spec = spec_from_file_location(_NAME, files[0]) if files else None
    if _PACKAGE in sys.modules or spec is None or spec.loader is None:
        return import_module(_PACKAGE).Secret
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return sys.modules.setdefault(_NAME, module).Secret
