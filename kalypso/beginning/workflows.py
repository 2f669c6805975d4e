"""Workflows of the sample with the environments of another platform in their lists."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence


def with_environments(text: str, before: Sequence[str], after: Sequence[str]) -> str:
    """Return a workflow whose lists of environments are others.

    Args:
        text: The workflow.
        before: The environments that its lists name, in their order.
        after: Those that they name then.
    """
    old, new = ", ".join(before), ", ".join(after)
    text = text.replace(f"[main, {old}]", f"[main, {new}]").replace(f"[{old}]", f"[{new}]")
    text = text.replace(json.dumps(list(before)), json.dumps(list(after)))
    return text.replace(f"|| '{before[0]}'", f"|| '{after[0]}'")


def workflows_in(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the workflows among the files of a branch, by path."""
    return {
        path: content.decode()
        for path, content in files.items()
        if path.startswith(".github/workflows/") and path.endswith((".yaml", ".yml"))
    }
