"""A kustomization: one `kustomize build` for each target, of local files only."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from kalypso.application.targets import Target
from kalypso.application.ways.laid_out import SOURCE, LaidOut
from kalypso.application.ways.program import Overrun, program_named, run_program
from kalypso.errors import Collector, LoadError, Position, SettingsError
from kalypso.harmless_text import harmless_line
from kalypso.loading import read_documents
from kalypso.model import Source

KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_PLACES = ("resources", "bases", "components", "crds", "generators", "transformers", "validators")
_FILES = frozenset(
    {"path", "files", "env", "envs", "configurations", "patchesStrategicMerge", "valuesFile"}
)
"""Keys of what kustomize reads as a file, or fetches if it is an address."""
_PARTS = re.compile(r"^---[ \t]*$\n?", re.MULTILINE)
_SHOWN = 400


def kustomization_in(source: Source, folder: str) -> str:
    """Return the path of the kustomization in a folder; empty without one."""
    paths = (posixpath.join(folder, name) for name in KUSTOMIZATIONS)
    return next((path for path in paths if path in source.files), "")


def build(
    target: Target, files: LaidOut, where: str, folder: str, trees: Mapping[str, Source]
) -> dict[str, str]:
    """Build a kustomization for a target.

    Args:
        target: Whose manifests are wanted.
        files: Where source and values are laid out.
        where: Which of the two has the kustomization.
        folder: Of the kustomization, in that tree.
        trees: The source and the values, by the name of their folder.

    Returns:
        Text by the name of its file.

    Raises:
        Problems: The kustomization does not build, or reaches for other machines.
        SettingsError: There is no kustomize.
    """
    _refuse_remote(where, folder, trees)
    command = _command()
    at = Position(trees[where].place(kustomization_in(trees[where], folder)))
    root = files.source if where == SOURCE else files.configs
    try:
        ended = run_program([*command, str(root / folder)], files.root, files.home)
    except Overrun as overrun:
        raise LoadError(
            f"rendering {target.name!r} is given up: {overrun}", at, code="render-limit"
        ) from None
    if ended.code:
        sentence = " ".join(ended.err.split()).removeprefix("error: ").removeprefix("Error: ")
        sentence = sentence.replace(f"{files.root}/", "")
        raise LoadError(
            f"the kustomization does not build for {target.name!r}:"
            f" {harmless_line(sentence, _SHOWN)}",
            at,
            f"try it: kubectl kustomize {folder}",
            code="kustomization-does-not-build",
        )
    return dict(_files(ended.out))


def _command() -> list[str]:
    if kustomize := program_named("kustomize"):
        return [kustomize, "build"]
    if kubectl := program_named("kubectl"):
        return [kubectl, "kustomize"]
    raise SettingsError(
        "the application has a kustomization, and neither kustomize nor kubectl is on PATH",
        Position("kustomize"),
        "install one: https://kubectl.docs.kubernetes.io/installation/kustomize/",
        code="no-kustomize",
    )


def _refuse_remote(where: str, folder: str, trees: Mapping[str, Source]) -> None:
    """Refuse what kustomize would fetch: a place that is not in the files of the application.

    Raises:
        Problems: Something is read from another machine: each place that says so.
    """
    found, seen = Collector(), set[str]()
    waiting = [posixpath.join(where, folder)]
    while waiting:
        here = posixpath.normpath(waiting.pop())
        if here in seen:
            continue
        seen.add(here)
        tree, _, inside = here.partition("/")
        if tree not in trees:
            continue
        path = kustomization_in(trees[tree], inside)
        if not path:
            continue
        for keys, place in _named(trees[tree], path, found):
            there = posixpath.normpath(posixpath.join(here, place))
            if "://" in place or "::" in place or not _exists(there, trees):
                found.error(
                    LoadError(
                        f"{place!r} is not a file or folder of the application",
                        _at(trees[tree], path, keys),
                        "nothing is fetched while rendering: copy it into the repository",
                        code="remote-kustomization",
                    )
                )
            else:
                waiting.append(there)
    found.raise_errors()


def _named(
    source: Source, path: str, problems: Collector
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    with problems.catching():
        for document in read_documents(source.place(path), source.files[path]):
            body = document.value if isinstance(document.value, dict) else {}
            for key in _PLACES:
                places = body.get(key) or []
                for index, place in enumerate(places if isinstance(places, list) else []):
                    if isinstance(place, str) and "\n" not in place:
                        yield (key, index), place
            yield from _fetched(body, ())


def _fetched(
    value: object, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the addresses where kustomize wants the name of a file."""
    match value:
        case dict():
            for key, item in value.items():
                yield from _fetched(item, (*path, key))
        case list():
            for index, item in enumerate(value):
                yield from _fetched(item, (*path, index))
        case str() if "://" in value and "\n" not in value and not _FILES.isdisjoint(path[-2:]):
            yield path, value
        case _:
            pass


def _at(source: Source, path: str, keys: tuple[str | int, ...]) -> Position:
    (document,) = read_documents(source.place(path), source.files[path])
    return document.origin.at(*keys)


def _exists(path: str, trees: Mapping[str, Source]) -> bool:
    tree, _, inside = path.partition("/")
    if tree not in trees:
        return False
    files = trees[tree].files
    return inside in files or any(each.startswith(f"{inside}/") for each in files)


def _files(printed: str) -> Iterator[tuple[str, str]]:
    """Part what kustomize prints into a file for each object."""
    numbers: dict[str, int] = {}
    for part in _PARTS.split(printed):
        if not part.strip():
            continue
        kind, name = _field(part, "kind"), _field(part, "  name")
        base = re.sub(r"[^a-z0-9.-]+", "-", f"{kind}-{name}".lower())
        numbers[base] = numbers.get(base, 0) + 1
        number = f"-{numbers[base]}" if numbers[base] > 1 else ""
        yield f"{base}{number}.yaml", f"{part.strip()}\n"


def _field(text: str, key: str) -> str:
    """Return a field of what kustomize wrote, whose form is always the same."""
    after = text.partition("\nmetadata:\n")[2] if key.startswith(" ") else text
    found = re.search(rf"^{key}: (.+)$", after, re.MULTILINE)
    return found[1].strip("\"'") if found else "object"
