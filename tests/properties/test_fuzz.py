"""Broken input of any kind is told as a problem: nothing else ever escapes."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kalypso.advice import advise
from kalypso.errors import Collector
from kalypso.loading.raw import read_objects
from tests.platforms.case_file import CASES, read
from tests.properties.models import SMALL, evaluated

RICH = {
    **SMALL,
    "env/.sourceignore": b"drafts/\n!keep\n",
    "env/maps.yaml": b"""apiVersion: v1
kind: ConfigMap
metadata: {name: a, labels: {platform-config: "true", region: west}}
data:
  text: "{{ .ClusterType }}"
  list: "[a, {name: b}]"
---
apiVersion: v1
kind: ConfigMap
metadata: {name: azure-app-config}
data: {region.west.KEY: "1"}
---
apiVersion: scheduler.kalypso.io/v1alpha1
kind: ConfigSchema
metadata: {name: s}
spec: {schema: '{"properties": {"KEY": {"type": "integer", "pattern": "^a+$"}}}'}
""",
    "env/types/kustomization.yaml": b"resources: [small.yaml]\nnamePrefix: x-\n",
    "env/types/small.yaml": SMALL["env/large.yaml"].replace(b"name: large", b"name: small"),
}
PATHS = sorted(RICH)
TOKENS = [
    *(b"{{", b"}}", b"{{ .X }}", b"{{ end }}", b"---\n", b"- ", b": ", b"*a", b"&a ", b"!!int "),
    *(b"\t", b"\r\n", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\n", b"'", b'"', b"[", b"]", b"{", b"}"),
    *(b"null", b"true", b"1e999", b"\xe2\x80\xa8", b"../", b"<<: ", b"? ", b"|\n", b"%", b"#"),
]
some = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def check(files: dict[str, bytes]) -> None:
    started = time.process_time()
    run, problems = evaluated(files)
    if not problems.errors:
        advise(run.evaluation, run.configurations, problems)
    for problem in [*problems.errors, *problems.warnings]:
        assert problem.code
        assert problem.message
        assert problem.at.line >= 1
    assert time.process_time() - started < 2


@st.composite
def edits(draw: st.DrawFn) -> dict[str, bytes]:
    """The files of a good model, one of them cut, doubled, or with a token in a wrong place."""
    files = dict(RICH)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(PATHS))
        text = files[path]
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        token = draw(st.one_of(st.sampled_from(TOKENS), st.binary(max_size=4)))
        files[path] = text[:start] + token * draw(st.sampled_from([0, 1, 1, 1, 3])) + text[end:]
    return files


def test_the_model_that_is_broken_below_is_good() -> None:
    _, problems = evaluated(RICH)
    assert problems.errors == []


@some
@given(edits())
def test_an_edit_anywhere_is_told_or_harmless(files: dict[str, bytes]) -> None:
    check(files)


scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just("{{")
)
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
KINDS = [
    *("Environment", "Template", "WorkloadRegistration", "ClusterType", "SchedulingPolicy"),
    *("ConfigSchema", "BaseRepo", "GitOpsRepo", "Workload", "ConfigMap", "List", "Nothing"),
]
FIELDS = [
    *("controlPlane", "manifests", "type", "contentType", "workload", "workspace", "reconciler"),
    *("namespaceService", "configType", "deploymentTargetSelector", "clusterTypeSelector"),
    *("schema", "repo", "branch", "path", "commit", "deploymentTargets", "configSchemas"),
]


@some
@given(
    st.sampled_from(KINDS),
    st.dictionaries(st.sampled_from(FIELDS), anything, max_size=4),
    anything,
    st.sampled_from(["env/x.yaml", "base/x.yaml", "repositories/app-src/x.yaml"]),
)
def test_an_object_with_anything_in_it_is_told_or_harmless(
    kind: str,
    spec: dict[str, Any],
    data: object,
    path: str,
) -> None:
    version = "v1" if kind in ("ConfigMap", "List") else "scheduler.kalypso.io/v1alpha1"
    body = {
        "apiVersion": version,
        "kind": kind,
        "metadata": {"name": "azure-app-config-x"},
        "spec": spec,
        "data": data,
        "items": data,
    }
    check({**SMALL, path: json.dumps(body).encode()})


@some
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_told(content: bytes) -> None:
    read_objects("f.yaml", content, Collector())


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_cut_anywhere_is_told_or_harmless(path: Path) -> None:
    files = read(path).input()
    for name in sorted(files)[:8]:
        content = files[name]
        check({**files, name: content[: len(content) * 2 // 3]})
