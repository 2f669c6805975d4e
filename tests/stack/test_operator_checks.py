"""What is missing before a cluster can run the program, all of it together."""

import json

from kalypso.stack.operator_checks import operator_problems
from kalypso.stack.stack_file import parse_settings

HUB: dict[str, object] = {
    "name": "hub",
    "role": "control-plane",
    "provider": "existing",
    "context": "hub",
}
WHOLE = {
    "cluster": "hub",
    "repository": "https://git.example.com/acme/platform",
    "backend": "azblob://state",
}


def problems(
    given: dict[str, object],
    clusters: tuple[dict[str, object], ...] = (HUB,),
    environments: tuple[str, ...] = ("dev",),
) -> list[tuple[str, str]]:
    config = {
        "environments": list(environments),
        "clusters": list(clusters),
        "controlPlane": given,
    }
    settings = parse_settings(
        {f"kalypso:{key}": json.dumps(value) for key, value in config.items() if value}, "dev"
    )
    return [(key, message) for key, message, _ in operator_problems(settings)]


def test_a_whole_control_plane_has_no_problem() -> None:
    assert problems({**WHOLE}) == []


def test_settings_without_a_cluster_turn_nothing_on() -> None:
    assert problems({"backend": "file:///state"}) == []


def test_everything_that_is_missing_is_reported_together() -> None:
    assert problems({"cluster": "hub"}, (), ()) == [
        ("controlPlane.cluster", "there is no cluster 'hub'"),
        ("controlPlane.cluster", "the operator needs a repository with the program"),
        ("controlPlane.cluster", "the operator needs a state that all runs share"),
        (
            "controlPlane.cluster",
            "the operator has a Stack for each environment, and nothing says which there are",
        ),
    ]


def test_a_cluster_with_workloads_does_not_hold_the_platforms_credentials() -> None:
    (problem,) = problems({**WHOLE}, ({**HUB, "role": "workload"},))
    assert problem[1] == (
        "the cluster 'hub' runs workloads, which could reach what the operator holds"
    )


def test_a_cluster_that_is_never_touched_runs_no_operator() -> None:
    (problem,) = problems({**WHOLE}, ({"name": "hub", "role": "control-plane"},))
    assert problem[1] == "the cluster 'hub' is not reached: its provider is 'none'"


def test_a_state_in_a_file_is_refused_since_a_pod_loses_it() -> None:
    (problem,) = problems({**WHOLE, "backend": "file:///state"})
    assert problem == ("controlPlane.backend", "the state would be in a pod, and lost with it")


def test_a_name_that_the_operator_does_not_allow_is_refused() -> None:
    long = "e" * 43
    (problem,) = problems({**WHOLE}, environments=("dev", long))
    assert problem[1] == f"the operator allows 42 letters in a name, and {long!r} has more"
