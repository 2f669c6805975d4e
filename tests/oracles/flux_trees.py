"""Trees of files as people lay them out for Flux, and as they get them wrong; one for each seed."""

from __future__ import annotations

import json
import posixpath
import random
from dataclasses import dataclass, field

FOLDERS = ("", "apps", "apps/web", "maps", "types")
SUFFIXES = (".yaml", ".yaml", ".yaml", ".yml", ".json", ".txt")
WORDS = ("west", "yes", "on", "Off", "y", '"true"', "'1'", "N")
"""What text may look like without or with quotes."""
QUOTED = ("west", "'yes'", '"on"', "Yes1", '"true"', "'1'")
VALUES = (*WORDS, "true", "1", "0755", "1e3", "0x1f", "~", "1.5", "a b", "1:30", "'~'")
SEPARATORS = ("---\n", "---\n", "---\n", "--- # next\n", "---   \n", "---\n---\n", "---\n\ufeff")
NOTHING = ("", "# nothing\n", "{}\n", "~\n", "[]\n")
WRONG_DOCUMENTS = (
    "text\n",
    "- one\n",
    "kind: ConfigMap\napiVersion: v1\n",
    "apiVersion: v1\nmetadata: {name: a}\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, name: b}\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {labels: {a: b}}\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a\n",
)
WRONG_SEPARATORS = ("--- {}\n", "-----\n", "---\n%YAML 1.2\n---\n")
WRONG_FIELDS = (
    "namePrefix: [a]",
    "replicas: [{name: nobody, count: 1}]",
    "replicas: [{name: a, count: many}]",
    "crds: [missing.yaml]",
    "openapi: {path: missing.json}",
    "kind: Kustomisation",
    "apiVersion: v1",
    "resources: [missing.yaml]",
    "resources: [../missing]",
    "resources: [.]",
    "commonAnnotations: [a]",
)
WRONG_BELOW = (
    "images: [{nam: a}]",
    "resource: [f0.yaml]",
    "kind: Component",
    "images: [{name: a, newTag: 1.25}]",
    "namePrefix: 1",
)
"""What Flux refuses below the folder that it is pointed at only."""


@dataclass(slots=True)
class Trees:
    """Grows one tree."""

    chance: random.Random
    faults: bool
    """Whether something may be wrong."""
    files: dict[str, str] = field(default_factory=dict)
    names: int = 0

    def grow(self) -> dict[str, str]:
        """Return the files of a tree by their path."""
        folders = [f for f in FOLDERS if not f or self.chance.random() < 0.7]
        for folder in folders:
            for number in range(self.chance.randint(1, 2)):
                suffix = self.chance.choice(SUFFIXES)
                self.files[posixpath.join(folder, f"f{number}{suffix}")] = self.file(suffix)
        for folder in reversed(folders):
            if self.chance.random() < (0.5 if folder else 0.3):
                self.kustomize(folder)
        return self.files

    def wrong(self, share: float) -> bool:
        return self.faults and self.chance.random() < share

    def file(self, suffix: str) -> str:
        if suffix == ".json":
            return json.dumps(self.plain_object()) + "\n"
        text = document = self.document()
        for _ in range(self.chance.choice((0, 0, 1, 2))):
            between = self.chance.choice(SEPARATORS)
            if self.wrong(0.04):
                between = self.chance.choice(WRONG_SEPARATORS)
            if document in NOTHING:
                between = "---\n"
            document = self.document()
            text += between + document
        return text.replace("\n", "\r\n") if self.chance.random() < 0.1 else text

    def name(self) -> str:
        if self.wrong(0.03):
            return "a"
        self.names += 1
        return self.chance.choice(("a", "west", "on-call")) + str(self.names)

    def plain_object(self) -> dict[str, object]:
        kind = self.chance.choice(
            ("v1 ConfigMap", "apps/v1 Deployment", "scheduler.kalypso.io/v1alpha1 ClusterType")
        )
        version, _, name = kind.partition(" ")
        return {"apiVersion": version, "kind": name, "metadata": {"name": self.name()}}

    def document(self) -> str:
        if self.chance.random() < 0.08:
            return self.chance.choice(NOTHING)
        if self.wrong(0.04):
            return self.chance.choice(WRONG_DOCUMENTS)
        if self.chance.random() < 0.08:
            items = [self.plain_object() for _ in range(self.chance.randint(0, 2))]
            return f"apiVersion: v1\nkind: List\nitems: {json.dumps(items)}\n"
        made = self.plain_object()
        text = f"apiVersion: {made['apiVersion']}\nkind: {made['kind']}\nmetadata:\n"
        text += f"  name: {made['metadata']['name']}\n"  # type: ignore[index]  # a mapping, as above
        if self.chance.random() < 0.6:
            text += f"  labels: {self.labels()}\n"
        if self.chance.random() < 0.1:
            value = self.chance.choice(('"true"', '"false"', "true", "false", "x", ""))
            text += f"  annotations: {{config.kubernetes.io/local-config: {value}}}\n"
        if made["kind"] == "ConfigMap":
            text += f"data: {{a: {self.chance.choice(VALUES)}, b: {self.chance.choice(VALUES)}}}\n"
        return text

    def labels(self, words: tuple[str, ...] = WORDS) -> str:
        keys = self.chance.sample(("region", "size", "tier", "edge"), self.chance.randint(0, 3))
        return "{" + ", ".join(f"{key}: {self.chance.choice(words)}" for key in keys) + "}"

    def kustomize(self, folder: str) -> None:
        lines = self.lines(folder)
        if self.wrong(0.15):
            choice = (*WRONG_FIELDS, *(WRONG_BELOW if folder else ()))
            field_ = self.chance.choice(choice)
            name = field_.partition(":")[0]
            lines = [line for line in lines if line.partition(":")[0] != name]
            lines.append(field_)
        if self.wrong(0.06):
            lines = self.chance.choice(([], ["# later"], ["kind: Kustomization"], ["resources:"]))
        name = self.chance.choice(
            ("kustomization.yaml", "kustomization.yaml", "kustomization.yml", "Kustomization")
        )
        self.files[posixpath.join(folder, name)] = "".join(f"{line}\n" for line in lines)
        if self.wrong(0.05):
            self.files[posixpath.join(folder, "kustomization.yml")] = "resources: []\n"
            self.files[posixpath.join(folder, "kustomization.yaml")] = "resources: []\n"

    def lines(self, folder: str) -> list[str]:
        resources = self.resources(folder)
        # Kustomize takes these words for bools, which labels may not be below the first folder.
        words = (*QUOTED, "on", "N") if folder and self.wrong(0.2) else QUOTED
        lines = [f"resources: {json.dumps(resources)}"]
        optional = {
            "namePrefix: pre-": 0.2,
            "nameSuffix: -post": 0.15,
            f"commonLabels: {self.labels(words)}": 0.3,
            f"labels: [{{pairs: {self.labels(words)}}}, {{pairs: {self.labels(words)},"
            " includeSelectors: true}]": 0.3,
            "namespace: elsewhere": 0.15,
            "commonAnnotations: {a: b}": 0.1,
            'commonAnnotations: {config.kubernetes.io/local-config: "true"}': 0.03,
            "images: [{name: web, newTag: '1.25'}]": 0.1,
            "apiVersion: kustomize.config.k8s.io/v1beta1": 0.2,
            "kind: Kustomization": 0.2,
            "generatorOptions: {disableNameSuffixHash: true}": 0.05,
            "metadata: {name: all}": 0.05,
        }
        for line, share in optional.items():
            key = line.partition(":")[0]
            if self.chance.random() < share and all(
                key != each.partition(":")[0] for each in lines
            ):
                lines.append(line)
        self.chance.shuffle(lines)
        return lines

    def resources(self, folder: str) -> list[str]:
        """Choose what a kustomization lists: mostly what is beside and below it."""
        found = []
        for path in sorted(self.files):
            base = posixpath.basename(path)
            parent = posixpath.dirname(path)
            if parent == folder and base.startswith("f"):
                if self.chance.random() < 0.8:
                    found.append(self.chance.choice((base, f"./{base}")))
            elif base.lower().startswith("kustomization"):
                below = posixpath.relpath(parent or ".", folder or ".")
                if below == "." or (below.startswith("..") and not self.wrong(0.3)):
                    continue
                if self.chance.random() < 0.5:
                    found.append(below)
            elif self.chance.random() < 0.08:
                found.append(posixpath.relpath(path, folder or "."))
        if found and self.wrong(0.05):
            found.append(found[0])
        return found


def tree(seed: int) -> dict[str, str]:
    """Return the files of the tree of a seed; every other one may have faults."""
    return Trees(random.Random(seed), faults=seed % 2 == 1).grow()  # noqa: S311 - no secret
