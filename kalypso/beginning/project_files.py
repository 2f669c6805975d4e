"""The files of the Pulumi project of a platform: the program, its stacks, and what to do next."""

from __future__ import annotations

import json
from pathlib import Path

from kalypso.beginning.choices import Choices

_PROGRAM = '''\
"""The Pulumi program of the platform: `pulumi up` runs it once for each stack."""

try:
    from components.program import run  # from a clone of Kalypso
except ModuleNotFoundError:
    from kalypso_components.program import run  # from its package

run()
'''
_IN_NAMESPACES = ("Namespace", "ResourceQuota", "LimitRange", "NetworkPolicy")
_IGNORED = ".kalypso/\n.venv/\n__pycache__/\n"


def project_files(choices: Choices, project: Path, urls: dict[str, str]) -> dict[str, str]:
    """Return the text of each file of the project by its name.

    Args:
        choices: What the user chose.
        project: The clone of Kalypso that this runs from, which has the provider.
        urls: Addresses of the repositories ``control-plane`` and ``gitops``.
    """
    files = {
        "Pulumi.yaml": _project(choices, project),
        "__main__.py": _PROGRAM,
        ".gitignore": _IGNORED,
        "README.md": _readme(choices, urls),
    }
    for name in choices.environments:
        files[f"Pulumi.{name}.yaml"] = stack_file(choices, name, urls["control-plane"])
    return files


def stack_file(choices: Choices, name: str, control_plane: str) -> str:
    """Return the settings of an environment's stack."""
    lines = [
        "config:",
        f"  kalypso:environment: {name}",
        f"  kalypso:prefix: {choices.prefix}",
        f"  kalypso:conventions: {choices.conventions}",
        f"  kalypso:forge: {choices.forge}",
        f"  kalypso:platformStack: {choices.environments[0]}",
        f"  kalypso:repositories.control-plane: {control_plane}",
    ]
    lines.append(
        "  # What the template of namespaces makes besides: quota, limits, network policy."
    )
    lines.append(f"  kalypso:templates.kinds: {{namespace: [{', '.join(_IN_NAMESPACES)}]}}")
    if choices.owner:
        lines.append(f"  kalypso:github.owner: {choices.owner}")
    if name == choices.environments[0]:
        lines.append("  # In the order in which changes are promoted.")
        lines.append(f"  kalypso:environments: [{', '.join(choices.environments)}]")
    return "\n".join(lines) + "\n"


def _project(choices: Choices, project: Path) -> str:
    plugin = project / "components" / "provider" / "plugin"
    text = f"name: {choices.prefix}\ndescription: The platform model of {choices.prefix}\n"
    text += "runtime: python\n"
    if plugin.is_dir():
        text += (
            f"plugins:\n  providers:\n    - name: kalypso\n      path: {json.dumps(str(plugin))}\n"
        )
    return text


def _readme(choices: Choices, urls: dict[str, str]) -> str:
    first, names = choices.environments[0], ", ".join(choices.environments)
    return f"""\
# {choices.prefix}

The Pulumi project of the platform, with a stack for each environment: {names}.

| repository | what it holds |
| --- | --- |
| {urls["control-plane"]} | the model: `main` is shared, and each environment has a branch |
| {urls["gitops"]} | the manifests, a branch for each environment, which clusters read |

```console
$ kalypso validate -e {first}
$ pulumi preview -s {first}
$ kalypso environment add NAME
```
"""
