"""Clusters read by their APIs: whole and of now, or the gate stays closed and says why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from kalypso.observation import Way
from tests.observation.bench import Fleet, program
from tests.support.kube_server import TOKEN, Fault, KubeServer

OUTSIDE = "outside"
KUSTOMIZATIONS = "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations"
FORGOTTEN = "The provided continue parameter is too old"
DEPLOYMENTS = "/apis/apps/v1/deployments"


def answers(server: KubeServer, wanted: str, fault: Fault, *, times: int = 1_000) -> None:
    """Let a server answer one path badly."""
    left = [times]

    def plan(path: str, _: Mapping[str, str]) -> Fault | None:
        if path != wanted or not left[0]:
            return None
        left[0] -= 1
        return fault

    server.plan = plan


def test_a_healthy_fleet_of_flux_passes(flux: Fleet) -> None:
    verdict = flux.verdict()
    assert verdict.text == (
        "dev: pass: main 1a2b3c4 (dev 5d6e7f8) is healthy on 2 of 2 clusters\n"
        "  drone: healthy\n  edge: healthy"
    )


def test_a_healthy_cluster_of_argo_cd_passes(argocd: Fleet) -> None:
    assert argocd.told("large") == ("pass", "")


def test_a_list_of_many_pages_is_read_whole(flux: Fleet) -> None:
    flux.servers["drone"].largest_page = 1
    assert flux.told() == ("pass", "")
    assert "continue" in {key for _, query in flux.servers["drone"].requests for key in query}


def test_a_list_that_is_forgotten_on_the_way_is_read_again(flux: Fleet) -> None:
    server = flux.servers["drone"]
    server.largest_page = 1
    forgotten: list[Mapping[str, str]] = []

    def forget_once(_: str, query: Mapping[str, str]) -> None:
        if "continue" in query and not forgotten:
            forgotten.append(query)
            server.forget()

    server.before = forget_once
    assert flux.told() == ("pass", "")
    starts = [path for path, query in server.requests if "continue" not in query]
    assert starts.count(KUSTOMIZATIONS) == 2


def test_a_list_that_is_forgotten_again_and_again_closes_the_gate(flux: Fleet) -> None:
    server = flux.servers["drone"]
    server.largest_page = 1
    server.before = lambda *_: server.forget()
    assert flux.told() == (
        OUTSIDE,
        f"cannot tell: its list at {KUSTOMIZATIONS} changed while it was read: {FORGOTTEN}",
    )


def test_what_applies_is_read_before_what_it_has_applied(flux: Fleet) -> None:
    flux.verdict()
    paths = flux.servers["drone"].paths()
    sources = "/apis/source.toolkit.fluxcd.io/v1/gitrepositories"
    assert paths.index(KUSTOMIZATIONS) < paths.index(sources) < paths.index(DEPLOYMENTS)


def test_only_the_config_maps_of_flux_and_of_what_is_applied_are_asked_for(flux: Fleet) -> None:
    flux.verdict()
    queries = [q for path, q in flux.servers["drone"].requests if path == "/api/v1/configmaps"]
    assert [{k: v for k, v in query.items() if k != "limit"} for query in queries] == [
        {"labelSelector": "kustomize.toolkit.fluxcd.io/name"},
        {"fieldSelector": "metadata.name=platform-config"},
    ]


def test_a_config_map_that_somebody_changed_is_seen_under_argo_cd_too(argocd: Fleet) -> None:
    argocd.find("ConfigMap", "platform-config", "large")["data"] = {"CLUSTER_NAME": "Other"}
    config = "ConfigMap dev-performance-test/platform-config"
    assert argocd.told("large") == (
        "wait",
        f"performance-test: {config}: data.CLUSTER_NAME is not what 5d6e7f8 says",
    )


def test_a_kind_is_read_in_the_version_that_has_it(flux: Fleet) -> None:
    server = flux.servers["drone"]
    group = "source.toolkit.fluxcd.io"
    server.versions[group] = ["v1", "v1beta2"]
    server.kinds_of[group, "v1"] = {"GitRepository"}
    assert flux.told() == ("pass", "")
    assert f"/apis/{group}/v1/gitrepositories" in server.paths()
    assert f"/apis/{group}/v1beta2/ocirepositories" in server.paths()


def test_an_api_of_an_unknown_version_keeps_the_gate_closed(flux: Fleet) -> None:
    server = flux.servers["drone"]
    server.versions["kustomize.toolkit.fluxcd.io"] = ["v3"]
    for each in server.objects:
        if each["kind"] == "Kustomization":
            each["apiVersion"] = "kustomize.toolkit.fluxcd.io/v3"
    outcome, said = flux.told()
    assert (outcome, "it is served in kustomize.toolkit.fluxcd.io/v3" in said) == (
        "cannot tell",
        True,
    )


def test_a_cluster_without_flux_has_no_record(flux: Fleet) -> None:
    server = flux.servers["drone"]
    for group in [each for each in server.versions if "fluxcd" in each]:
        del server.versions[group]
    assert flux.told() == (
        "wait",
        "no record: its API shows no reconciler of this environment",
    )


def test_credentials_that_are_refused_say_nothing_of_the_cluster(flux: Fleet) -> None:
    flux.contexts["drone"] = flux.servers["drone"].context("drone", {"token": "an old one"})
    assert flux.told() == (
        OUTSIDE,
        "cannot tell: it does not accept the credentials of the kubeconfig (401): Unauthorized",
    )
    assert flux.told("edge") == ("pass", "")


@pytest.mark.parametrize("plural", ["kustomizations", "deployments", "configmaps", "jobs"])
def test_a_right_that_is_missing_closes_the_gate(flux: Fleet, plural: str) -> None:
    flux.servers["drone"].forbidden.add(plural)
    outcome, said = flux.told()
    assert outcome == OUTSIDE
    assert said.startswith("cannot tell: it does not let us read /api")
    assert f"(403): {plural}." in said


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault(cut=True), "unreachable: "),
        (Fault(body=b"<html>sign in</html>"), "is not a JSON object"),
        (Fault(body=b"[]"), "is not a JSON object"),
        (Fault(body=b"[" * 100_000), "is not a JSON object"),
        (Fault(body=b'{"kind": "Status"}'), "is not a list of Kustomization objects"),
        (Fault(body=b'{"kind": "KustomizationList", "metadata": {}}'), "has no list of items"),
        (
            Fault(body=b'{"kind": "KustomizationList", "metadata": {}, "items": [1]}'),
            "has no list of items",
        ),
        (
            Fault(
                body=b'{"kind": "KustomizationList", "items": [],'
                b' "metadata": {"remainingItemCount": 3}}'
            ),
            "says that there are more",
        ),
        (
            Fault(body=b'{"kind": "KustomizationList", "items": [], "metadata": {"continue": 7}}'),
            "do not go on",
        ),
        (Fault(404, b"{}"), "it does not serve /apis/kustomize"),
        (Fault(302, b"", {"Location": "/elsewhere"}), "with 302"),
        (Fault(418, b'{"message": "tea\\u001b[31m"}'), r"with 418: tea\u001b[31m"),
    ],
)
def test_an_answer_that_is_not_the_whole_list_closes_the_gate(
    flux: Fleet, fault: Fault, said: str
) -> None:
    answers(flux.servers["drone"], KUSTOMIZATIONS, fault)
    outcome, text = flux.told()
    assert (outcome, said in text) == (OUTSIDE, True), text


@pytest.mark.parametrize(
    "body", [b"{}", b'{"kind": "APIGroupList", "groups": [{}]}', b'{"kind": "APIGroupList"}']
)
def test_what_is_no_kubernetes_api_says_nothing(flux: Fleet, body: bytes) -> None:
    answers(flux.servers["drone"], "/apis", Fault(body=body))
    outcome, text = flux.told()
    assert (outcome, text.startswith("cannot tell: its ")) == (OUTSIDE, True)


def test_a_server_that_is_busy_is_asked_again_when_it_says(flux: Fleet) -> None:
    busy = Fault(429, b"{}", {"Retry-After": "7"})
    answers(flux.servers["drone"], KUSTOMIZATIONS, busy, times=2)
    assert flux.told() == ("pass", "")
    assert flux.pauses == [7.0, 7.0]


def test_a_server_that_stays_broken_is_given_up(flux: Fleet) -> None:
    answers(flux.servers["drone"], KUSTOMIZATIONS, Fault(503, b"{}"))
    assert flux.told() == (OUTSIDE, f"cannot tell: it answers {KUSTOMIZATIONS} with 503")
    assert flux.pauses == [1.0, 2.0, 4.0]


def test_a_pause_that_would_take_too_long_is_not_taken(flux: Fleet) -> None:
    answers(flux.servers["drone"], KUSTOMIZATIONS, Fault(429, b"{}", {"Retry-After": "86400"}))
    assert flux.told()[0] == OUTSIDE
    assert max(flux.pauses) == 30.0


def test_a_server_that_does_not_answer_is_unreachable(
    flux: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kalypso.observation.conversation._REQUEST_SECONDS", 0.2)
    answers(flux.servers["drone"], "/apis", Fault(seconds=2))
    assert flux.told() == (OUTSIDE, "unreachable: no answer to /apis within 0 s")
    assert flux.told("edge") == ("pass", "")


def test_a_server_that_is_down_is_unreachable(flux: Fleet) -> None:
    flux.servers["drone"].server_close()
    outcome, said = flux.told()
    assert (outcome, said.startswith("unreachable: ")) == (OUTSIDE, True)


def test_a_token_is_not_carried_to_where_a_server_points(flux: Fleet) -> None:
    edge = flux.servers["edge"]
    there = Fault(307, b"", {"Location": f"{edge.url}/apis"})
    answers(flux.servers["drone"], "/apis", there)
    flux.told(ways={"drone": (Way("drone"),)})
    assert edge.requests == []


def test_the_clock_of_a_cluster_that_is_wrong_is_corrected(flux: Fleet) -> None:
    server, ahead = flux.servers["drone"], 3600
    server.now = lambda: flux.now + ahead
    server.objects = [_later(each, "2026-11-28T10:", "2026-11-28T11:") for each in server.objects]
    assert flux.told() == ("pass", "")


def _later(each: dict[str, object], old: str, new: str) -> dict[str, object]:
    moved: dict[str, object] = json.loads(json.dumps(each).replace(old, new))
    return moved


def test_a_program_signs_in(flux: Fleet, tmp_path: Path) -> None:
    said = (
        '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",'
        f' "status": {{"token": "{TOKEN}"}}}}'
    )
    _signs_in(flux, program(tmp_path, f"echo '{said}'"))
    assert flux.told() == ("pass", "")


def test_a_program_that_fails_to_sign_in_is_named_with_what_it_says(
    flux: Fleet, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _signs_in(flux, program(tmp_path, "echo 'log in first' >&2; exit 1"))
    why = "signing in with the context 'drone' failed: exec: process returned 1. log in first"
    assert flux.told() == (OUTSIDE, f"unreachable: {why}")
    assert capfd.readouterr().err == ""
    assert flux.servers["drone"].requests == []


def test_a_program_that_never_ends_does_not_stop_the_others(flux: Fleet, tmp_path: Path) -> None:
    _signs_in(flux, program(tmp_path, "exec sleep 10"))
    drone, edge = flux.verdict(seconds=3.0).clusters
    assert [finding.text for finding in drone.findings] == ["unreachable: no answer in time"]
    assert edge.findings == ()


def _signs_in(flux: Fleet, command: str) -> None:
    flux.contexts["drone"] = flux.servers["drone"].context(
        "drone",
        {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": command}},
    )


def test_a_context_that_cannot_be_used_is_never_waited_for(flux: Fleet) -> None:
    (evidence,) = flux.evidence("drone", refused={"drone": "there is no context 'drone'"})
    (finding,) = evidence.findings
    assert (finding.text, finding.outcome.value, finding.final) == (
        "there is no context 'drone'",
        OUTSIDE,
        True,
    )


def test_a_hub_is_read_once_and_only_where_its_reconcilers_are(argocd: Fleet) -> None:
    goes_to = {"server": "https://large.example.com", "namespace": "dev-performance-test"}
    application = argocd.find("Application", "performance-test", "large")
    application["spec"]["destination"] = goes_to
    application["status"]["sync"]["comparedTo"]["destination"] = goes_to
    (manifest,) = (
        each
        for each in argocd.world["manifests"]["large"]["performance-test"]
        if each["kind"] == "Application"
    )
    manifest["spec"]["destination"] = goes_to
    (cluster,) = argocd.world["expected"]["clusters"]
    cluster |= {"hub": "large", "name": "west", "destinations": ["https://large.example.com"]}
    ways = {"west": (Way("large", hub=True, namespace="argocd"),)}
    assert argocd.told("west", ways=ways) == ("pass", "")
    lists = [path for path in argocd.servers["large"].paths() if "/namespaces/" in path]
    assert "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications" in lists
    assert not [path for path in argocd.servers["large"].paths() if path.startswith("/api/")]


def test_a_cluster_that_is_read_in_other_ways_is_not_asked(flux: Fleet) -> None:
    for cluster in flux.world["expected"]["clusters"]:
        cluster["evidence"] = ["reports"]
    assert flux.reader().read(flux.expected) == ()
    assert flux.servers["drone"].requests == []
