"""Which Kubernetes kinds a template may write.

By default those that the templates in use write literally, and for namespaces ``Namespace``: a kind
that a function or a value brings in, such as a ClusterRoleBinding, does not get through. A platform
team may list others.

Source: docs/explanation/model.md, "Templates".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from kalypso.errors import TemplateError
from kalypso.model import ManifestKind, Template

AllowedKinds = Mapping[ManifestKind, frozenset[str]]
"""Kinds that the platform team lists, by type of manifest."""
ANY_KIND = "*"
"""In a list, stands for all kinds."""

_ACTION = re.compile(
    r"\{\{-?\s*(?P<control>(?:if|else|end|range|with|define|block|break|continue)\b|/\*|\$\w*\s*:?=)?"
    r".*?\}\}",
    re.DOTALL,
)
_PRINTED, _BRANCH = "\0", "\1"
"""What stands for an action that prints something, and for one that only decides what is."""
_LITERAL = re.compile(
    r"""(?:^|[\s{,"'\1-]) kind ["']? [ \t]* : [ \t]* (["'A-Za-z0-9\1]+)
        [ \t]* (?= $ | [,}\1] | [ \t]\# )""",
    re.MULTILINE | re.VERBOSE,
)
_WORDS = re.compile(r"[A-Za-z0-9]+")


class KindRule(msgspec.Struct, frozen=True):
    """Which kinds manifests of one type may be."""

    type: ManifestKind
    allowed: frozenset[str]
    listed: bool = False
    """The platform team lists them; then an object without a kind is refused as well."""

    def check(self, kinds: Iterable[str], template: Template) -> None:
        """Refuse kinds that the manifests of a template may not be.

        Raises:
            TemplateError: A manifest has another kind; the message names the first.
        """
        if ANY_KIND in self.allowed:
            return
        for found in kinds:
            if found not in self.allowed and (found or self.listed):
                what = f"the kind {found!r}" if found else "an object without a kind"
                raise TemplateError(
                    f"the template {template.name!r} writes {what}, which a {self.type} may not be",
                    template.at,
                    self._hint(),
                    code="kind-not-allowed",
                )

    def _hint(self) -> str:
        names = f"allowed are {', '.join(sorted(self.allowed)) or 'none'}"
        if self.listed:
            return names
        return f"{names}; the setting templates.kinds allows others"


def rule_for(type_: ManifestKind, listed: AllowedKinds, in_use: Iterable[Template]) -> KindRule:
    """Return the rule for manifests of a type.

    Args:
        type_: The type.
        listed: What the platform team lists.
        in_use: The templates that cluster types name for this type.
    """
    if type_ in listed:
        return KindRule(type_, listed[type_], listed=True)
    if type_ == "namespace":
        return KindRule(type_, frozenset({"Namespace"}))
    return KindRule(type_, frozenset(kind for each in in_use for kind in literal_kinds(each)))


def literal_kinds(template: Template) -> Iterator[str]:
    """List the kinds that a template writes outside its actions."""
    for manifest in template.manifests:
        yield from _kinds_in(manifest)


def _kinds_in(value: object) -> Iterator[str]:
    match value:
        case str():
            text = _ACTION.sub(lambda each: _BRANCH if each["control"] else _PRINTED, value)
            for found in _LITERAL.finditer(text):
                yield from _WORDS.findall(found[1])
        case dict():
            kind = value.get("kind")
            if isinstance(kind, str) and "{{" not in kind:
                yield kind
            for item in value.values():
                yield from _kinds_in(item)
        case list():
            for item in value:
                yield from _kinds_in(item)
        case _:
            pass
