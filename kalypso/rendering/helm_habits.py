"""What to use in place of functions and values that charts have, and templates here do not."""

from __future__ import annotations

import re
from typing import Final

from kalypso.errors import Problem

_FUNCTIONS: Final = {
    "include": '`include` is Helm\'s; write {{ template "name" . }} to insert a defined template',
    "required": "`required` is Helm's; printing a missing key is an error here, and"
    ' {{ if not .ConfigData.X }}{{ fail "say why" }}{{ end }} says it in your words',
    "lookup": "`lookup` is Helm's; no cluster is asked here, so that the same model gives the same"
    " manifests: put the value into a config map",
    "tpl": "`tpl` is Helm's; a result that holds {{ is rendered again by itself",
    "fromYaml": "`fromYaml` is Helm's; a value of a config map is read as YAML before it gets into"
    " .ConfigData",
    "toToml": "`toToml` is Helm's; write the TOML out, or use toYaml or toJson",
}
_FIELDS: Final = {
    "Values": ".Values is Helm's; use .ConfigData for configuration of the platform, and .Manifests"
    " for what a deployment target says",
    "Release": ".Release is Helm's; use .Namespace, .DeploymentTargetName or .Workload",
    "Chart": ".Chart is Helm's; a deployment target names what it deploys in .Manifests",
    "Capabilities": ".Capabilities is Helm's; no cluster is asked here: put what differs into"
    " config maps with the labels of cluster types",
    "Files": ".Files is Helm's; templates read no files here: put the text into a config map",
    "Template": ".Template is Helm's; there is no chart here",
    "Subcharts": ".Subcharts is Helm's; there is no chart here",
}
_FUNCTION: Final = re.compile(r'function "(\w+)" not defined')
_FIELD: Final = re.compile(r"can't evaluate field (\w+) in type scheduler\.dataType")


def helm_hint(problem: Problem) -> str:
    """Return the hint for a habit of Helm; the problem's own if it is about something else."""
    for pattern, hints in ((_FUNCTION, _FUNCTIONS), (_FIELD, _FIELDS)):
        found = pattern.search(problem.message)
        if found and found[1] in hints:
            return hints[found[1]]
    return problem.hint
