"""Clusters compared with the model: what is set up on each, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from kalypso.errors import Problems
from kalypso.model.objects import Template
from kalypso.model.platform import Evaluation
from kalypso.stack.fleet import Fleet, make_fleet
from kalypso.stack.fleet_cluster import FleetCluster, FleetHub
from kalypso.stack.schedule import make_schedule
from kalypso.stack.settings import Settings
from kalypso.stack.stack_file import parse_settings
from tests.stack.forge import settings_for

FLUX = "https://github.com/fluxcd/flux2/releases/download/v2.9.5/install.yaml"
ARGOCD = "https://raw.githubusercontent.com/argoproj/argo-cd/v3.2.11/manifests/install.yaml"
LINES = {
    "clusters[0]": 4,
    "clusters[0].clusterType": 5,
    "clusters[0].reconciler": 6,
    "clusters[0].hub": 7,
}
HOME = "http://127.0.0.1:3180"


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """The sample's environment dev."""
    return make_schedule(settings_for(tmp_path_factory.mktemp("forge") / "forge")).evaluation


def settings(*clusters: object, **others: object) -> Settings:
    given: dict[str, object] = {"environments": ["dev", "stage"], **others}
    if clusters:
        given["clusters"] = list(clusters)
    config = {f"kalypso:{k}": v if isinstance(v, str) else json.dumps(v) for k, v in given.items()}
    return parse_settings(config, "dev")


def existing(name: str, **fields: object) -> dict[str, object]:
    return {"name": name, "provider": "existing", "context": f"{name}-context", **fields}


def fleet(given: Settings, evaluation: Evaluation, stack: str = "dev") -> Fleet:
    return make_fleet(given, evaluation, "release/dev", stack, LINES)


def refusal(given: Settings, evaluation: Evaluation, stack: str = "dev") -> list[str]:
    with pytest.raises(Problems) as caught:
        fleet(given, evaluation, stack)
    return [str(problem) for problem in caught.value.problems]


def test_an_existing_cluster_gets_what_the_template_of_its_type_writes_for(
    evaluation: Evaluation,
) -> None:
    found = fleet(settings(existing("drone"), existing("large", onDestroy="prune")), evaluation)
    assert found.clusters == (
        FleetCluster(
            name="drone",
            context="drone-context",
            cluster_type="drone",
            reconciler="flux",
            install=FLUX,
            branches={"dev": "release/dev", "stage": "stage"},
            prune=False,
        ),
        FleetCluster(
            name="large",
            context="large-context",
            cluster_type="large",
            reconciler="argocd",
            install=ARGOCD,
            branches={"dev": "release/dev", "stage": "stage"},
            prune=True,
        ),
    )


def test_clusters_read_the_gitops_repository_and_those_of_every_workload(
    evaluation: Evaluation,
) -> None:
    found = fleet(settings(existing("large")), evaluation)
    assert found.repository == f"{HOME}/kalypso-gitops"
    assert found.sources == (f"{HOME}/kalypso-svc-gitops",)


def test_a_cluster_without_installation_uses_what_is_there(evaluation: Evaluation) -> None:
    (cluster,) = fleet(settings(existing("drone", install="none")), evaluation).clusters
    assert cluster.install == ""


def test_a_cluster_with_a_hub_gets_no_reconciler_of_its_own(evaluation: Evaluation) -> None:
    hub = {"context": "hub", "namespace": "edge"}
    (cluster,) = fleet(settings(existing("drone", hub=hub)), evaluation).clusters
    assert cluster.hub == FleetHub(context="hub", namespace="edge")
    assert cluster.install == ""


def test_what_a_hub_cannot_do_is_reported_at_the_hub_of_its_cluster(
    evaluation: Evaluation,
) -> None:
    hub = {"context": "hub", "namespace": "argocd"}
    (problem,) = refusal(settings(existing("large", hub=hub)), evaluation)
    assert problem == (
        "Pulumi.dev.yaml:7:1: error: the Application 'observability-prometheus' of"
        " large/observability-prometheus/reconciler.yaml goes to"
        " 'https://kubernetes.default.svc', and not to the cluster 'large' [hub]\n"
        "  hint: let the template write `destination.name: large`"
    )


def test_a_cluster_follows_only_its_environments_in_the_order_of_promotion(
    evaluation: Evaluation,
) -> None:
    found = fleet(
        settings(
            existing("east", clusterType="drone", environments=["stage", "dev"]),
            existing("west", clusterType="drone", environments=["stage"]),
        ),
        evaluation,
    )
    assert [list(each.branches) for each in found.clusters] == [["dev", "stage"], ["stage"]]


def test_a_cluster_that_is_known_only_and_a_control_plane_are_not_touched(
    evaluation: Evaluation,
) -> None:
    given = settings({"name": "large"}, existing("hub", role="control-plane"))
    assert fleet(given, evaluation).clusters == ()


def test_a_stack_without_clusters_sets_none_up_and_warns_of_none(evaluation: Evaluation) -> None:
    found = fleet(parse_settings({}, "dev"), evaluation)
    assert (found.clusters, found.warnings) == ((), ())


@pytest.mark.parametrize("provider", [{}, {"provider": "existing", "context": "c"}])
def test_a_cluster_type_that_the_model_lacks_is_refused_with_the_nearest_one(
    evaluation: Evaluation, provider: dict[str, str]
) -> None:
    (problem,) = refusal(settings({"name": "edge", "clusterType": "dron", **provider}), evaluation)
    assert problem == (
        "Pulumi.dev.yaml:5:1: error: the cluster 'edge' has the cluster type 'dron', which the"
        " environment 'dev' does not have [no-cluster-type]\n"
        "  hint: did you mean drone?; or set environments to those that have it"
    )


def test_a_cluster_type_of_another_environment_is_not_looked_for_here(
    evaluation: Evaluation,
) -> None:
    other = existing("edge", environments=["stage"], reconciler="flux")
    (cluster,) = fleet(settings(other, {"name": "large"}), evaluation).clusters
    assert cluster.cluster_type == "edge"


def test_a_reconciler_that_contradicts_the_template_is_refused(evaluation: Evaluation) -> None:
    (problem,) = refusal(settings(existing("drone", reconciler="argocd")), evaluation)
    assert "the cluster 'drone' has the reconciler 'argocd', and the template" in problem
    assert "writes for 'flux' [other-reconciler]" in problem
    assert problem.startswith("Pulumi.dev.yaml:6:")


@pytest.mark.parametrize(
    "manifests",
    [
        ("kind: ConfigMap\napiVersion: v1\n",),
        ("apiVersion: argoproj.io/v1alpha1\n", "apiVersion: source.toolkit.fluxcd.io/v1\n"),
    ],
)
def test_a_template_that_shows_no_reconciler_or_two_has_to_be_explained(
    evaluation: Evaluation, manifests: tuple[str, ...]
) -> None:
    changed = with_template(evaluation, "arc-flux", manifests)
    (problem,) = refusal(settings(existing("drone")), changed)
    assert "which reconciler the cluster 'drone' has is not known" in problem
    assert "hint: set reconciler to flux or argocd" in problem
    (cluster,) = fleet(settings(existing("drone", reconciler="argocd")), changed).clusters
    assert cluster.reconciler == "argocd"


def with_template(evaluation: Evaluation, name: str, manifests: tuple[str, ...]) -> Evaluation:
    template: Template = replace(evaluation.platform.templates[name], manifests=manifests)
    templates = {**evaluation.platform.templates, name: template}
    return replace(evaluation, platform=replace(evaluation.platform, templates=templates))


def test_a_cluster_type_with_assignments_and_no_cluster_is_a_warning(
    evaluation: Evaluation,
) -> None:
    (warning,) = fleet(settings({"name": "drone"}), evaluation).warnings
    assert (warning.code, warning.severity) == ("no-cluster", "warning")
    assert "no cluster of the settings has the cluster type 'large'" in warning.message
    assert warning.at.file.endswith("large-cluster-type.yaml")
    served = settings({"name": "drone"}, {"name": "west", "clusterType": "large"})
    assert fleet(served, evaluation).warnings == ()


def test_a_cluster_of_another_environment_serves_no_cluster_type_here(
    evaluation: Evaluation,
) -> None:
    given = settings({"name": "large", "environments": ["stage"]})
    (warning,) = fleet(given, evaluation).warnings
    assert warning.code == "no-cluster"


def test_a_file_that_installs_a_reconciler_has_to_exist(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    file = tmp_path / "flux.yaml"
    given = settings(existing("drone"), existing("large"), **{"install.flux": str(file)})
    (problem,) = refusal(given, evaluation)
    assert f"there is no file '{file}' to install 'flux' from" in problem
    file.write_text("")
    assert fleet(given, evaluation).clusters[0].install == str(file)


def test_every_problem_of_every_cluster_is_reported(evaluation: Evaluation) -> None:
    given = settings(existing("drone", reconciler="argocd"), {"name": "x"}, {"name": "y"})
    assert len(refusal(given, evaluation)) == 3


@pytest.mark.parametrize("key", ["clusters", "environments"])
def test_clusters_and_environments_are_settings_of_the_platforms_stack(
    evaluation: Evaluation, key: str
) -> None:
    value = [{"name": "drone"}] if key == "clusters" else ["dev", "stage"]
    given = parse_settings({f"kalypso:{key}": json.dumps(value)}, "stage")
    (problem,) = refusal(given, evaluation, "stage")
    assert f"{key!r} is a setting of the platform's stack, 'dev'" in problem
    assert "hint: move it to Pulumi.dev.yaml" in problem


LOCKED = {"install.fluxLockdown": True}


def test_only_a_flux_that_is_installed_is_locked_down(evaluation: Evaluation) -> None:
    own = existing("far", clusterType="drone", install="none")
    found = fleet(settings(existing("drone"), existing("large"), own, **LOCKED), evaluation)
    assert [(each.name, each.lockdown) for each in found.clusters] == [
        ("drone", True),
        ("large", False),
        ("far", False),
    ]


@pytest.mark.parametrize("one", [existing("large"), existing("drone", install="none")])
def test_a_lockdown_of_no_flux_is_refused(evaluation: Evaluation, one: object) -> None:
    (problem,) = refusal(settings(one, **LOCKED), evaluation)
    assert "no cluster has a Flux that the stack installs" in problem


def with_gitops(evaluation: Evaluation, address: str) -> Evaluation:
    found = evaluation.platform.gitops_repo
    assert found is not None
    moved = replace(found, pointer=replace(found.pointer, repo=address))
    return replace(evaluation, platform=replace(evaluation.platform, gitops_repo=moved))


READ = {"reader.token": "t0ken"}


@pytest.mark.parametrize(
    "given",
    [
        {"forge": "github", "github.owner": "acme", "github.token": "t0ken"},
        {"tokens": {"github.com": "t0ken"}},
    ],
)
def test_the_token_that_delivers_is_not_given_to_clusters(
    evaluation: Evaluation, given: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = with_gitops(evaluation, "https://github.com/acme/gitops")
    (problem,) = refusal(settings(existing("large"), **READ, **given), moved)
    assert "clusters would hold the token that delivers to github.com" in problem
    assert "t0ken" not in problem
    monkeypatch.setenv("GITHUB_TOKEN", "t0ken")
    assert len(refusal(settings(existing("large"), **READ), moved)) == 1
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_0f-s0meb0dy")
    assert fleet(settings(existing("large"), **READ), moved).repository.endswith("/gitops")


@pytest.mark.parametrize(
    ("address", "refused"),
    [
        ("http://git.example.com/gitops", True),
        ("https://git.example.com/gitops", False),
        ("http://127.0.0.1:3180/gitops", False),
    ],
)
def test_a_token_never_goes_openly_to_another_machine(
    evaluation: Evaluation, address: str, *, refused: bool
) -> None:
    moved = with_gitops(evaluation, address)
    if refused:
        (problem,) = refusal(settings(existing("large"), **READ), moved)
        assert "clusters would send the reader's token openly to http://git.example.com" in problem
    else:
        assert fleet(settings(existing("large"), **READ), moved).repository == address
    assert fleet(settings(existing("large")), moved).repository == address


def test_a_control_plane_that_runs_the_program_is_set_up_by_the_platforms_stack_only(
    evaluation: Evaluation,
) -> None:
    given = {
        "cluster": "hub",
        "repository": "https://git.example.com/acme/platform",
        "backend": "azblob://state",
    }
    hub = existing("hub", role="control-plane")
    found = fleet(settings(hub, controlPlane=given), evaluation)
    assert [(each.context, each.operates) for each in found.control_planes] == [
        ("hub-context", True)
    ]
    assert found.contexts == ["hub-context"]
    alone = settings(environments=[], controlPlane=given)
    (told,) = refusal(alone, evaluation, "stage")
    assert told.startswith(
        "Pulumi.stage.yaml:1:1: error: 'controlPlane' is a setting of the platform's stack, 'dev'"
    )


def test_an_operator_without_manifests_to_install_it_from_is_refused(
    evaluation: Evaluation,
) -> None:
    given = {
        "cluster": "hub",
        "repository": "https://git.example.com/acme/platform",
        "backend": "azblob://state",
    }
    hub = existing("hub", role="control-plane")
    install = {"operator": "nowhere/operator.yaml"}
    (told,) = refusal(settings(hub, controlPlane=given, install=install), evaluation)
    assert "there is no file 'nowhere/operator.yaml' to install 'operator' from" in told
    assert "or give controlPlane install: none" in told
