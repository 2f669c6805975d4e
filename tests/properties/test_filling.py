"""A template that is filled in says what it says when each assignment is rendered by itself."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kalypso.errors import KalypsoError
from kalypso.rendering.context import Context
from kalypso.rendering.filling import FilledTemplate
from tests.rendering.contexts import ANY, on, target, template

some = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
WORDS = ["large", "edge", "shop", "cart", "dev", "true", "app", "team-a", "shop-test"]
"""So few that a text of a team is often the name of something else."""
ACTIONS = [
    ".Workload",
    ".Namespace",
    ".ClusterType",
    ".Environment",
    ".DeploymentTargetName",
    ".Manifests.path",
    ".Path",
    ".Labels.workload",
    ".ConfigData.SIZE",
    "toYaml .ConfigData.PORTS",
    ".Workload | upper",
    'printf "%s-%s" .Workload .ClusterType',
    "if eq .ClusterType .Manifests.path }}same{{ else }}other{{ end",
]
PLACES = ["a{}: b", "a{}: {{}}", '    l{}: "{{}}"', "    {{}}: l{}", "    n{{}}: l{}", "---"]
VALUES: list[dict[str, Any]] = [
    {"SIZE": "small", "PORTS": {"http": 80}},
    {"SIZE": "large", "PORTS": {}},
    {"SIZE": "{{ .ClusterType }}", "PORTS": "true"},
    {"SIZE": "{{ .Workload }}", "PORTS": ["x"]},
]
actions = st.sampled_from(ACTIONS).map(lambda action: f"{{{{ {action} }}}}")
lines = st.tuples(st.sampled_from(PLACES), actions)
texts = st.sampled_from([*WORDS, "./a/b", "https://git/a", "a b", "x: y", "{x", "1", "x\nkind: B"])
targets = st.builds(target, st.sampled_from(["shop", "cart", "app"]), path=texts)


@st.composite
def manifests(draw: st.DrawFn) -> str:
    """An object whose name, labels and other fields are of texts and gaps."""
    name = draw(actions)
    beside = draw(st.lists(lines, max_size=4))
    labels = [place for place in beside if place[0].startswith("    ")]
    fields = [place for place in beside if not place[0].startswith("    ")]
    written = [
        place.format(number).replace("{}", action)
        for number, (place, action) in enumerate([*labels, *fields])
    ]
    metadata = f"metadata:\n  name: {name}\n  labels:\n    app: x\n"
    return f"apiVersion: v1\nkind: A\n{metadata}" + "".join(f"{line}\n" for line in written)


def outcome(filled: FilledTemplate, context: Context) -> str:
    try:
        return filled.write(context, ANY).text
    except KalypsoError as error:
        return f"refused: {error}"


@some
@given(
    manifests(),
    st.lists(targets, min_size=1, max_size=3),
    st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(["large", "edge", "true"]), st.integers(0, 3)),
        min_size=2,
        max_size=8,
    ),
)
def test_what_was_written_before_changes_nothing(
    manifest: str, own: list[Any], assigned: list[tuple[int, str, int]]
) -> None:
    filled = FilledTemplate(template(manifest))
    for number, cluster, values in assigned:
        context = on(cluster, own[number % len(own)], VALUES[values])
        alone = FilledTemplate(template(manifest))
        assert outcome(filled, context) == outcome(alone, context)
