"""A Helm chart: one `helm template` for each target, with the values of the environment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from kalypso.application.targets import Target
from kalypso.application.ways.laid_out import LaidOut
from kalypso.application.ways.program import Overrun, program_named, run_program
from kalypso.errors import LoadError, Position, SettingsError
from kalypso.harmless_text import harmless_line
from kalypso.model import Source

CHART = "Chart.yaml"
VALUES = "values.yaml"
_OLDEST = (3, 8)
_HINT = "install Helm 3.8 or later: https://helm.sh/docs/intro/install/"
_VERSION = re.compile(r"v?(\d+)\.(\d+)\.\d+")
_SOURCE = re.compile(r"^# Source: (.+)$", re.MULTILINE)
_PARTS = re.compile(r"^---[ \t]*$\n?", re.MULTILINE)
_PLACES = (
    re.compile(r"\(?(?P<file>[^\s:()]+\.(?:ya?ml|tpl|txt)):(?P<line>\d+)(?::(?P<column>\d+))?"),
    re.compile(r"error on (?P<file>[^\s:]+\.ya?ml): .*?line (?P<line>\d+)"),
    re.compile(r"error on (?P<file>[^\s:]+\.ya?ml)(?P<line>):"),
)
"""Where Helm's messages say that something is wrong: with the chart's name before the path."""
_SHOWN = 400


def render_chart(
    target: Target, files: LaidOut, folder: str, source: Source, configs: Source | None
) -> dict[str, str]:
    """Render a chart for a target.

    Args:
        target: Whose manifests are wanted.
        files: Where source and values are laid out.
        folder: Of the chart, in the source.
        source: For messages.
        configs: Values of the environment: a file for each target.

    Returns:
        Text by the name of its file.

    Raises:
        LoadError: The target has no values, or the chart does not render with them.
        SettingsError: Helm is missing or too old.
    """
    values = f"{target.name}/{VALUES}"
    if configs is None or values not in configs.files:
        raise _no_values(target, configs)
    helm = _helm(files)
    command = [helm, "template", target.workload, str(files.source / folder), "--include-crds"]
    command += ["--values", str(files.configs / values)]
    try:
        ended = run_program(command, files.source, files.home)
    except Overrun as overrun:
        raise LoadError(
            f"rendering {target.name!r} is given up: {overrun}",
            Position(source.place(f"{folder}/{CHART}")),
            "look for a loop in the chart",
            code="render-limit",
        ) from None
    if ended.code:
        raise _does_not_render(target, ended.err, folder, source, configs)
    return _files(ended.out)


def _no_values(target: Target, configs: Source | None) -> LoadError:
    wanted = f"{target.name}/{VALUES}"
    if configs is None:
        return LoadError(
            f"the target {target.name!r} has no values: there is no place for them",
            target.at,
            f"make the branch ENVIRONMENT-configs with {wanted}, or name a place with --configs",
            code="no-values",
        )
    others = sorted({path.partition("/")[0] for path in configs.files if path.count("/")})
    has = f"there are values for {', '.join(others[:5])}; " if others else ""
    return LoadError(
        f"the target {target.name!r} has no values",
        Position(configs.place(wanted)),
        f"{has}if the target was renamed, rename the folder of its values too",
        code="no-values",
    )


def _helm(files: LaidOut) -> str:
    helm = program_named("helm")
    if helm is None:
        raise SettingsError(
            "the application has a Helm chart, and helm is not on PATH",
            Position("helm"),
            _HINT,
            code="no-helm",
        )
    version = _version(helm, files.home)
    found = _VERSION.match(version)
    if found is None or (int(found[1]), int(found[2])) < _OLDEST:
        shown = harmless_line(version.strip(), _SHOWN) or "of no known version"
        raise SettingsError(f"helm is too old: {shown}", Position(helm), _HINT, code="old-helm")
    return helm


@lru_cache(maxsize=4)
def _version(helm: str, home: Path) -> str:
    command = [helm, "version", "--template", "{{ .Version }}"]
    try:
        return run_program(command, home, home, seconds=20.0).out
    except (Overrun, OSError):
        return ""


def _does_not_render(
    target: Target, err: str, folder: str, source: Source, configs: Source
) -> LoadError:
    lines = [line.strip() for line in err.splitlines() if line.strip()]
    telling = next(
        (line for line in lines if line.startswith("Error:")), (lines or ["no word"])[-1]
    )
    values = configs.place(f"{target.name}/{VALUES}")
    sentence = " ".join(lines) if "schema" in telling else telling
    at = Position(values) if "schema" in telling else _place(sentence, folder, source)
    sentence = sentence.removeprefix("Error:").strip().replace(f"{_chart_root(source)}/", "")
    return LoadError(
        f"the chart does not render for {target.name!r}: {harmless_line(sentence, _SHOWN)}",
        at,
        f"try it: helm template {folder} --values {values}",
        code="chart-does-not-render",
    )


def _chart_root(source: Source) -> str:
    return source.name.rstrip("/") or "."


def _place(sentence: str, folder: str, source: Source) -> Position:
    for pattern in _PLACES:
        found = pattern.search(sentence)
        if found is None:
            continue
        inside = found["file"].partition("/")[2]
        path = f"{folder}/{inside}"
        if path in source.files:
            groups = found.groupdict()
            return Position(
                source.place(path), int(groups["line"] or 1), int(groups.get("column") or 1)
            )
    return Position(source.place(f"{folder}/{CHART}"))


def _files(printed: str) -> dict[str, str]:
    """Part what Helm prints into files, each named as its template is."""
    files: dict[str, str] = {}
    for name, text in _documents(printed):
        files[name] = f"{files[name]}---\n{text}" if name in files else text
    return files


def _documents(printed: str) -> Iterator[tuple[str, str]]:
    for part in _PARTS.split(printed):
        found = _SOURCE.search(part)
        if found is None or part[: found.start()].strip():
            continue
        text = part[found.end() :].strip("\n")
        if any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines()):
            yield _name(found[1].strip()), f"{text}\n"


def _name(template: str) -> str:
    """Return the name of the file for a template: not every reconciler looks into folders."""
    path = template.partition("/")[2].removeprefix("templates/").replace("/templates/", "/")
    return path.removeprefix("charts/").replace("/", "-")
