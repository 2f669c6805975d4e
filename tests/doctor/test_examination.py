"""Each check of the doctor: passing, failing, and what it says to do."""

import json
from typing import Any

import pytest

from kalypso.doctor import Finding, examine
from kalypso.stack.settings import Settings
from kalypso.stack.stack_file import parse_settings
from tests.doctor.played import COMPUTE, HOME, SUBSCRIPTION, Played, answers, usage

WHERE = {"location": "westus2", "resourceGroup": "kalypso-rg", "subscription": SUBSCRIPTION}
DRONE = {"name": "drone", "provider": "azure"}
EDGE = {"name": "edge", "provider": "existing", "context": "edge-7"}
GROUP = f"{HOME}/resourceGroups/kalypso-rg"
CLUSTER = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/drone"
ARC = f"{GROUP}/providers/Microsoft.Kubernetes/connectedClusters/far"
ON_GITHUB = {"forge": "github", "github.owner": "acme", "github.token": "t0ken"}


def settings(*clusters: object, azure: object = WHERE, **others: str) -> Settings:
    given = {"clusters": clusters, "azure": azure, "environments": ["dev", "stage"]}
    config = {f"kalypso:{key}": json.dumps(value) for key, value in given.items()}
    return parse_settings(config | {f"kalypso:{k}": v for k, v in others.items()}, "dev")


def found(given: Settings, around: Played, check: str, *, pre: bool = True) -> list[Finding]:
    return [each for each in examine(given, around, pre=pre) if each.check == check]


def only(given: Settings, around: Played, check: str, *, pre: bool = True) -> Finding:
    (finding,) = found(given, around, check, pre=pre)
    return finding


def test_where_nothing_is_missing_nothing_has_to_be_fixed() -> None:
    given = settings(DRONE, EDGE, **ON_GITHUB)
    around = Played(contexts={"edge-7": "v1.33.5"})
    lines = [(each.check, each.verdict, each.message) for each in examine(given, around, pre=True)]
    assert lines == [
        ("tool", "ok", "pulumi 3.250"),
        ("tool", "ok", "git 2.47"),
        ("package", "ok", "pulumi_github is installed"),
        ("package", "ok", "pulumi_kubernetes is installed"),
        ("package", "ok", "pulumi_azure_native is installed"),
        ("state backend", "ok", "the folder /state"),
        ("passphrase", "ok", "set in the environment"),
        ("forge", "ok", "GitHub: the token has repo, workflow"),
        ("context", "ok", "the cluster 'edge' answers: Kubernetes v1.33.5"),
        ("subscription", "ok", f"Platform ({SUBSCRIPTION})"),
        ("provider registration", "ok", "Microsoft.ContainerService"),
        ("provider registration", "ok", "Microsoft.KubernetesConfiguration"),
        ("machine size", "ok", "Standard_B2s in westus2"),
        ("quota", "ok", "Total Regional vCPUs: 6 are left, 2 are needed"),
        ("quota", "ok", "Standard BS Family vCPUs: 10 are left, 2 are needed"),
        ("name", "ok", "drone: free"),
    ]


def test_a_local_platform_needs_neither_accounts_nor_packages() -> None:
    around = Played(lacking={"pulumi_github", "pulumi_kubernetes", "pulumi_azure_native"})
    around.refusal = around.forge_refusal = "nobody may be asked"
    checks = [(each.check, each.verdict) for each in examine(settings(), around, pre=True)]
    assert checks == [
        ("tool", "ok"),
        ("tool", "ok"),
        ("state backend", "ok"),
        ("passphrase", "ok"),
        ("forge", "ok"),
    ]


@pytest.mark.parametrize(
    ("versions", "verdict", "message"),
    [
        ({"pulumi": "v3.250.0"}, "fix", "git is not installed, or not on PATH"),
        (
            {"pulumi": "v3.179.9", "git": "git version 2.47"},
            "fix",
            "pulumi is 3.179, and 3.180 or later is needed",
        ),
        (
            {"pulumi": "v3.250.0", "git": "git version 2.9.5"},
            "fix",
            "git is 2.9, and 2.34 or later is needed",
        ),
        ({"pulumi": "", "git": "git version 2.47"}, "unknown", "pulumi does not say its version"),
    ],
)
def test_a_program_that_is_missing_or_too_old_is_named(
    versions: dict[str, str], verdict: str, message: str
) -> None:
    bad = [e for e in found(settings(), Played(versions=versions), "tool") if e.verdict != "ok"]
    assert [(each.verdict, each.message) for each in bad] == [(verdict, message)]
    assert bad[0].fix.endswith(("install", "downloads"))


@pytest.mark.parametrize(
    ("module", "extra"),
    [
        ("pulumi_github", "github"),
        ("pulumi_kubernetes", "kubernetes"),
        ("pulumi_azure_native", "azure"),
    ],
)
def test_a_package_that_is_missing_is_fixed_by_its_extra(module: str, extra: str) -> None:
    bad = [
        each
        for each in found(settings(DRONE, **ON_GITHUB), Played(lacking={module}), "package")
        if each.verdict == "fix"
    ]
    assert [each.message for each in bad] == [f"{module} is not installed"]
    assert bad[0].fix == f"pip install 'kalypso-on-pulumi[{extra}]'"


@pytest.mark.parametrize(
    ("environment", "verdict", "message"),
    [
        ({}, "unknown", "PULUMI_BACKEND_URL is not set"),
        ({"PULUMI_BACKEND_URL": "file:///state"}, "fix", "/state cannot be written"),
        ({"PULUMI_BACKEND_URL": "azblob://state?k3y=x"}, "ok", "azblob://state"),
    ],
)
def test_the_state_has_to_have_a_place(
    environment: dict[str, str], verdict: str, message: str
) -> None:
    around = Played(environment=environment, writable=False)
    finding = only(settings(), around, "state backend")
    assert (finding.verdict, finding.message.partition(":")[0]) == (
        verdict,
        message.partition(":")[0],
    )
    assert "k3y" not in finding.message


def test_a_missing_passphrase_is_said_and_stops_nothing() -> None:
    around = Played(environment={"PULUMI_BACKEND_URL": "file:///state"})
    assert only(settings(), around, "passphrase").verdict == "unknown"


@pytest.mark.parametrize(
    ("config", "around", "verdict", "message"),
    [
        (
            ON_GITHUB,
            Played(scopes=frozenset({"repo"})),
            "fix",
            "the token for https://github.com lacks the scope workflow",
        ),
        (
            {**ON_GITHUB, "repositories.onDestroy": "delete"},
            Played(),
            "fix",
            "the token for https://github.com lacks the scope delete_repo",
        ),
        (
            {**ON_GITHUB, "repositories.control-plane": "https://github.com/acme/fleet"},
            Played(scopes=frozenset({"repo"})),
            "ok",
            "GitHub: the token has repo",
        ),
        (
            ON_GITHUB,
            Played(scopes=None),
            "unknown",
            "GitHub does not say what this kind of token may do",
        ),
        (
            ON_GITHUB,
            Played(forge_refusal="the token is wrong or has expired"),
            "fix",
            "GitHub: the token is wrong or has expired",
        ),
        (
            {**ON_GITHUB, "github.token": ""},
            Played(),
            "fix",
            "there is no token for https://github.com",
        ),
        (
            {
                "forge": "github",
                "github.owner": "acme",
                "github.app.id": "1",
                "github.app.key": "k",
            },
            Played(),
            "ok",
            "GitHub: a GitHub App asks; its rights are on its page",
        ),
    ],
)
def test_the_token_of_the_forge_has_to_be_there_and_may_do_enough(
    config: dict[str, str],
    around: Played,
    verdict: str,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    finding = only(settings(**config), around, "forge")
    assert (finding.verdict, finding.message) == (verdict, message)
    assert bool(finding.fix) == (verdict != "ok")


def test_a_cluster_and_a_hub_that_do_not_answer_are_both_named() -> None:
    hub = {"context": "hub", "namespace": "argocd"}
    given = settings({**EDGE, "hub": hub}, {"name": "b", "provider": "none", "context": "other"})
    around = Played(contexts={"edge-7": "!connection refused", "hub": "!no context 'hub'"})
    assert found(given, around, "context") == [
        Finding(
            "context",
            "fix",
            "the cluster 'edge' does not answer: connection refused",
            "`kubectl --context edge-7 version` asks the same",
        ),
        Finding(
            "context",
            "fix",
            "the hub of 'edge' does not answer: no context 'hub'",
            "`kubectl --context hub version` asks the same",
        ),
    ]


def without(*paths: str, **more: Any) -> Played:
    """Return surroundings in which Azure lacks some things, and has others."""
    kept = {path: each for path, each in answers().items() if path not in paths}
    return Played(there={**kept, **more})


@pytest.mark.parametrize(
    ("around", "check", "message", "way"),
    [
        (
            without(HOME),
            "subscription",
            f"there is no subscription {SUBSCRIPTION} for who is signed in",
            "az account list",
        ),
        (
            without(**{HOME: {"state": "Disabled"}}),
            "subscription",
            f"the subscription {SUBSCRIPTION} is Disabled",
            "enable it",
        ),
        (
            without(f"{HOME}/providers/Microsoft.KubernetesConfiguration"),
            "provider registration",
            "Microsoft.KubernetesConfiguration is unknown",
            "az provider register --namespace Microsoft.KubernetesConfiguration",
        ),
        (
            without(f"{COMPUTE}/skus"),
            "machine size",
            "westus2 has no machines of the size Standard_B2s for this subscription",
            "az vm list-skus -l westus2",
        ),
        (
            without(
                **{
                    f"{COMPUTE}/skus": {
                        "value": [
                            {
                                "resourceType": "virtualMachines",
                                "name": "Standard_B2s",
                                "restrictions": [{"reasonCode": "NotAvailableForSubscription"}],
                            }
                        ]
                    }
                }
            ),
            "machine size",
            "westus2 has no machines of the size Standard_B2s for this subscription",
            "az vm list-skus",
        ),
        (
            without(
                **{
                    f"{COMPUTE}/locations/westus2/usages": {
                        "value": [
                            usage("cores", "Total Regional vCPUs", 9, 10),
                            usage("standardBSFamily", "Standard BS Family vCPUs", 0, 10),
                        ]
                    }
                }
            ),
            "quota",
            "Total Regional vCPUs: 1 are left, and 2 are needed",
            "smaller azure.vmSize",
        ),
        (
            without(**{GROUP: {}}),
            "name",
            "there is a resource group 'kalypso-rg' already",
            "azure.resourceGroup",
        ),
        (
            Played(refusal="signing in to Azure failed: no account"),
            "azure",
            "signing in to Azure failed: no account",
            "az login",
        ),
    ],
)
def test_what_azure_lacks_is_said_with_the_way_to_get_it(
    around: Played, check: str, message: str, way: str
) -> None:
    bad = [each for each in examine(settings(DRONE), around, pre=True) if each.verdict == "fix"]
    assert [(each.check, each.message) for each in bad] == [(check, message)]
    assert way in bad[0].fix


def test_without_a_subscription_nobody_guesses_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARM_SUBSCRIPTION_ID", raising=False)
    given = settings(DRONE, azure={"location": "westus2"})
    finding = only(given, Played(), "subscription")
    assert (finding.verdict, finding.message) == (
        "fix",
        "nothing says in which subscription clusters are made",
    )


def test_a_cluster_of_that_name_is_in_the_way_before_the_first_run_only() -> None:
    around = without(**{GROUP: {}, CLUSTER: {}})
    given = settings(DRONE, azure={**WHERE, "createResourceGroup": False})
    finding = only(given, around, "name")
    assert (finding.verdict, finding.message) == (
        "fix",
        "there is a cluster 'drone' in 'kalypso-rg' already",
    )
    later = only(given, around, "name", pre=False)
    assert (later.verdict, later.message) == ("ok", "drone: there")


def test_a_cluster_that_is_gone_is_said_after_the_first_run() -> None:
    finding = only(settings(DRONE), without(**{GROUP: {}}), "name", pre=False)
    assert (finding.verdict, finding.fix) == ("unknown", "`pulumi up` makes it")


def test_clusters_that_exist_already_need_no_quota() -> None:
    used = {"value": [usage("cores", "Total Regional vCPUs", 10, 10)]}
    around = without(**{GROUP: {}, CLUSTER: {}, f"{COMPUTE}/locations/westus2/usages": used})
    first, second = found(settings(DRONE), around, "quota", pre=False)
    assert (first.verdict, first.message) == (
        "ok",
        "Total Regional vCPUs: 0 are left, 0 are needed",
    )
    assert second.verdict == "unknown"


def test_a_resource_group_that_is_to_be_used_has_to_exist() -> None:
    given = settings(DRONE, azure={**WHERE, "createResourceGroup": False})
    assert only(given, Played(), "name").message == "there is no resource group 'kalypso-rg'"


@pytest.mark.parametrize(("there", "verdict"), [(True, "ok"), (False, "fix")])
def test_a_cluster_that_arc_connects_has_to_be_in_azure(*, there: bool, verdict: str) -> None:
    far = {"name": "far", "provider": "arc", "resourceId": ARC}
    around = without(**({ARC: {}} if there else {}))
    finding = only(settings(far, azure={}), around, "cluster")
    assert finding.verdict == verdict


def test_kubelogin_is_missed_and_stops_nothing() -> None:
    around = Played(versions={"pulumi": "v3.250.0", "git": "git version 2.47"})
    last = found(settings(DRONE), around, "tool")[-1]
    assert (last.verdict, last.fix) == ("unknown", "az aks install-cli, if one of them has it")


def test_more_nodes_and_clusters_need_more_cores() -> None:
    given = settings(DRONE, {"name": "west", "provider": "azure"}, azure={**WHERE, "nodes": 2})
    first = found(given, Played(), "quota")[0]
    assert first.message == "Total Regional vCPUs: 6 are left, and 8 are needed"


GITOPS, CONTROL_PLANE = "acme/kalypso-gitops", "acme/kalypso-control-plane"
WRITE = "administration: write on kalypso-gitops"
RULES = {"repositories.rulesets": "true", "reader.deployKeys": "true"}


def administration(around: Played, **given: str) -> list[tuple[str, str, str]]:
    lines = found(settings(**{**ON_GITHUB, **given}), around, "administration")
    return [(each.verdict, each.message, each.fix) for each in lines]


def test_a_token_that_sets_nothing_beside_content_needs_no_administration() -> None:
    assert administration(Played()) == []


def test_a_token_that_administers_what_is_set_is_fine() -> None:
    around = Played(administers={GITOPS: True, CONTROL_PLANE: True})
    assert administration(around, **RULES) == [
        ("ok", f"the token administers {GITOPS}", ""),
        ("ok", f"the token administers {CONTROL_PLANE}", ""),
    ]


def test_a_token_without_administration_is_fixed_by_the_right_and_says_what_for() -> None:
    around = Played(scopes=None, administers={GITOPS: False, CONTROL_PLANE: True})
    assert administration(around, **RULES)[0] == (
        "fix",
        f"the token does not administer {GITOPS}",
        f"give it {WRITE}, for reader.deployKeys, repositories.rulesets",
    )


def test_deploy_keys_alone_concern_the_gitops_repository_only() -> None:
    around = Played(administers={GITOPS: True})
    assert len(administration(around, **{"reader.deployKeys": "true"})) == 1


def test_before_the_first_run_the_right_is_named_and_nothing_is_stopped() -> None:
    around = Played(administers={GITOPS: None, CONTROL_PLANE: None})
    first = administration(around, **{"repositories.environments": "true"})[0]
    assert first == (
        "unknown",
        f"{GITOPS} cannot be seen yet; the token needs {WRITE}, for repositories.environments",
        "look at its rights",
    )


def test_a_gitops_repository_of_ones_own_is_named_by_the_model_so_nobody_is_asked() -> None:
    own = {"repositories.control-plane": "https://github.com/acme/fleet"}
    (line,) = administration(Played(), **own, **{"reader.deployKeys": "true"})
    assert line[0] == "unknown"


def test_a_forge_that_does_not_say_is_tried_again() -> None:
    around = Played(administers={GITOPS: "it answers 503"})
    (line,) = administration(around, **{"reader.deployKeys": "true"})
    assert line == ("fix", "GitHub: it answers 503", "try again later")


READS_BY_APP = {**ON_GITHUB, "reader.app.id": "234567", "reader.app.installation": "88"}


def test_what_the_app_of_clusters_may_do_is_for_a_person_to_look_at() -> None:
    finding = only(settings(**READS_BY_APP), Played(), "reader")
    assert finding.verdict == "unknown"
    assert finding.message.startswith("clusters read by the GitHub App 234567")
    assert "contents: read and nothing else" in finding.fix


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"reader.app.installation": "0"}, "nothing says where the GitHub App 234567 is installed"),
        (
            {"github.token": "", "github.app.id": "234567", "github.app.key": "k"},
            "clusters would hold the key of the GitHub App 234567, which delivers",
        ),
        ({"forge": "local"}, "the local forge: clusters cannot read there by a GitHub App"),
    ],
)
def test_an_app_with_which_clusters_could_not_read_has_to_be_fixed(
    more: dict[str, str], message: str
) -> None:
    finding = only(settings(**{**READS_BY_APP, **more}), Played(), "reader")
    assert (finding.verdict, finding.message) == ("fix", message)


def test_without_an_app_of_clusters_nothing_is_said_of_one() -> None:
    assert found(settings(**ON_GITHUB), Played(), "reader") == []
