"""Images of containers: where manifests name them, and the exact ones in place of names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec
import yaml

from kalypso.application.manifests import parsed
from kalypso.errors import Collector, ModelError, Position, SettingsError

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_NAME = re.compile(r"[a-z0-9]+(?:[._/:-]+[a-z0-9]+)*", re.IGNORECASE)
_LISTS = frozenset({"containers", "initContainers", "ephemeralContainers"})
_SHORT = 12


class Image(msgspec.Struct, frozen=True):
    """A reference to an image, in its parts."""

    repository: str
    tag: str = ""
    digest: str = ""

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.repository}{tag}{f'@{self.digest}' if self.digest else ''}"

    @property
    def short(self) -> str:
        """What people read: the tag, or the first digits of the digest."""
        digits = self.digest.removeprefix("sha256:")[:_SHORT]
        return self.tag or (f"sha256:{digits}" if digits else "latest")


def parse_image(text: str) -> Image:
    """Read a reference as container runtimes do; a port is not a tag."""
    named, _, digest = text.partition("@")
    last = named.rpartition("/")[2]
    tag = last.partition(":")[2]
    return Image(named.removesuffix(f":{tag}") if tag else named, tag, digest)


def chosen_images(options: Iterable[str]) -> dict[str, Image]:
    """Read options of the form ``NAME=REPOSITORY@sha256:…``.

    Returns:
        What takes the place of an image, by the name that manifests have for it.

    Raises:
        Problems: An entry is not of the form, or does not name an exact image.
    """
    found, chosen = Collector(), dict[str, Image]()
    for option in options:
        name, _, given = option.partition("=")
        image = parse_image(given)
        if not name or not given or not _NAME.fullmatch(image.repository):
            found.error(
                SettingsError(
                    f"--image {option!r} is not of the form NAME=REPOSITORY@sha256:DIGEST",
                    Position("--image"),
                    "NAME is what the manifests call the image, for example hello-world",
                    code="option",
                )
            )
        elif not _DIGEST.fullmatch(image.digest):
            found.error(
                SettingsError(
                    f"the image {given!r} is not named by its digest, so it may change later",
                    Position("--image"),
                    f"what pushes the image prints it: {image.repository}@sha256:DIGEST",
                    code="no-digest",
                )
            )
        else:
            chosen[name] = image
    found.raise_errors()
    return chosen


def images_in(files: Mapping[str, str]) -> dict[str, list[Image]]:
    """Return the images of all containers, in order, by the name of the file.

    Raises:
        Problems: A file is not YAML.
    """
    found, images = Collector(), dict[str, list[Image]]()
    for name, text in files.items():
        with found.catching():
            images[name] = [parse_image(str(node.value)) for node in _nodes(name, text)]
    found.raise_errors()
    return images


def with_images(
    files: Mapping[str, str], chosen: Mapping[str, Image], target: str, at: Position
) -> dict[str, str]:
    """Return manifests in which exact images take the place of names.

    Args:
        files: Text by name.
        chosen: Exact image by name.
        target: For messages.
        at: Where the target is written down.

    Raises:
        Problems: A file is not YAML, or a name is nowhere.
    """
    used: set[str] = set()
    changed: dict[str, str] = {}
    for name, text in files.items():
        nodes = _nodes(name, text) if chosen else ()
        found = [(node, parse_image(str(node.value)).repository) for node in nodes]
        hits = [(node, chosen[repository]) for node, repository in found if repository in chosen]
        used |= {repository for _, repository in found if repository in chosen}
        changed[name] = _replaced(text, hits)
    missing = sorted(chosen.keys() - used)
    if missing:
        known = sorted({i.repository for each in images_in(files).values() for i in each})
        has = f"its manifests use {', '.join(known[:5])}" if known else "it has no container"
        raise ModelError(
            f"no container of {target!r} uses the image {missing[0]!r}",
            at,
            f"{has}: name one of them with --image",
            code="image-not-used",
        )
    return changed


def _replaced(text: str, hits: Iterable[tuple[yaml.Node, Image]]) -> str:
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    last_first = sorted(hits, key=lambda hit: (-hit[0].start_mark.line, -hit[0].start_mark.column))
    for node, image in last_first:
        first = starts[node.start_mark.line] + node.start_mark.column
        end = starts[node.end_mark.line] + node.end_mark.column
        text = f"{text[:first]}{json.dumps(str(image))}{text[end:]}"
    return text


def _nodes(name: str, text: str) -> list[yaml.ScalarNode]:
    documents = parsed(name, text, lambda it: yaml.compose_all(it, yaml.CSafeLoader))
    return [node for document in documents for node in _below(document, set())]


def _below(node: yaml.Node, seen: set[int]) -> Iterator[yaml.ScalarNode]:
    if id(node) in seen:  # an alias: what it stands for was looked at
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _below(item, seen)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value in _LISTS and isinstance(value, yaml.SequenceNode):
                yield from _of_containers(value)
            yield from _below(value, seen)


def _of_containers(containers: yaml.SequenceNode) -> Iterator[yaml.ScalarNode]:
    for container in containers.value:
        pairs = container.value if isinstance(container, yaml.MappingNode) else []
        for key, value in pairs:
            if key.value == "image" and isinstance(value, yaml.ScalarNode):
                yield value
