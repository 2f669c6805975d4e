"""Answers of the stand-in for Azure, field by field against the examples that Microsoft publishes.

Also the other way round: it answers nothing that is neither published nor asked for.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.standins.azure.arm import Account, Azure, AzureError, Fault
from tests.standins.azure.kinds import KINDS, Json

EXAMPLES: Mapping[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "azure" / "published.yaml").read_text()
)
EACH = pytest.mark.parametrize("example", EXAMPLES)
ERROR = {"code": str, "message": str, "target": str, "details": list, "additionalInfo": list}
"""Fields of an error, as the common types of the resource manager, version 3, have them."""


def facts(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield each value of an answer that has none inside, by where it is."""
    if isinstance(value, dict) and value:
        for key, each in value.items():
            yield from facts(each, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value:
        for each in value:
            yield from facts(each, f"{path}[]")
    else:
        yield path, value


def kind_of(value: object) -> str:
    if isinstance(value, bool):
        return "flag"
    kinds = {str: "text", int: "number", float: "number", list: "list", dict: "object"}
    return "null" if value is None else kinds[type(value)]


def differences(answer: Json, wanted: Mapping[str, str]) -> list[str]:
    """Return what is published of an answer and is otherwise in this one."""
    found: dict[str, set[object]] = defaultdict(set)
    for path, value in facts(answer):
        found[path].add(value if isinstance(value, str) else kind_of(value))
    wrong = []
    for path, published_as in wanted.items():
        given = found.get(path)
        if given is None:
            wrong.append(f"{path} is missing")
        elif published_as.startswith("="):
            wrong += [f"{path} is {g!r}" for g in given if g != published_as[1:]]
        elif published_as != "text":
            wrong += [f"{path} is {g!r}" for g in given if g != published_as]
        else:
            kinds = {"flag", "number", "list", "object", "null"}
            wrong += [f"{path} is a {g}" for g in given & kinds]
    return wrong


@pytest.fixture
def azure(tmp_path: Path) -> Azure:
    made = Azure(tmp_path)
    made.allow(Account(subscriptions=tuple(each["subscription"] for each in EXAMPLES.values())))
    return made


def place(example: str) -> str:
    about = EXAMPLES[example]
    return KINDS[about["type"]].id_of(about["inputs"], about["subscription"])


def asked(azure: Azure, example: str) -> Json:
    """Send the request of an example, and return the answer."""
    about, path = EXAMPLES[example], place(example)
    around = path.split("/")
    for end in (5, 9):  # the group, and what it is inside
        if end < len(around):
            azure.keep("/".join(around[:end]), {"location": "location1", "properties": {}})
    return azure.put(path, KINDS[about["type"]].body_of(about["inputs"]))


@EACH
def test_every_published_field_is_answered_with_its_kind_and_its_spelling(
    azure: Azure, example: str
) -> None:
    answer = asked(azure, example)
    assert differences(answer, EXAMPLES[example]["answer"]) == []
    assert azure.get(place(example)) == answer


@EACH
def test_nothing_is_answered_that_is_neither_published_nor_asked_for(
    azure: Azure, example: str
) -> None:
    about = EXAMPLES[example]
    body = KINDS[about["type"]].body_of(about["inputs"])
    known = about["answer"].keys() | {path for path, _ in facts(body)}
    assert {path for path, _ in facts(asked(azure, example))} - known == set()


@EACH
def test_no_answer_repeats_a_secret(azure: Azure, example: str) -> None:
    answer = str(asked(azure, example))
    for secret in ("c2VjcmV0", "secretKeyValue01", "replacePassword1234$", "'secret'"):
        assert secret not in answer


def test_a_field_that_is_missing_wrong_or_of_another_kind_is_seen() -> None:
    wanted = {"a": "text", "b.c": "=right", "d[]": "number", "e": "null", "f": "list", "g": "text"}
    answer: Json = {"a": "x", "b": {"c": "Right"}, "d": [1, "2"], "e": None, "f": [], "g": 7}
    assert differences(answer, wanted) == ["b.c is 'Right'", "d[] is '2'", "g is a number"]
    assert differences({"A": "x"}, {"a": "text"}) == ["a is missing"]


def refused(azure: Azure, path: str, body: Json) -> Json:
    with pytest.raises(AzureError) as caught:
        azure.put(path, body)
    assert f'Code="{caught.value.code}"' in str(caught.value)
    return caught.value.answer


def test_refusals_have_the_published_shape(azure: Azure) -> None:
    group = "/subscriptions/subid/resourceGroups/rgName"
    cluster = f"{group}/providers/Microsoft.ContainerService/managedClusters/c"
    missing = refused(azure, cluster, {"location": "eastus"})
    azure.keep(group, {"location": "eastus"})
    parent = refused(
        azure, f"{cluster}/providers/Microsoft.KubernetesConfiguration/extensions/flux", {}
    )
    azure.plan(Fault("PUT", "managedClusters/c", 409, "Conflict", "Another operation runs"))
    conflict = refused(azure, cluster, {"location": "eastus"})
    codes = []
    for answer in (missing, parent, conflict):
        assert answer.keys() == {"error"}
        error = answer["error"]
        assert error["code"]
        assert error["message"]
        assert {name: type(value) for name, value in error.items()}.items() <= ERROR.items()
        codes.append(error["code"])
    assert codes == ["ResourceGroupNotFound", "ResourceNotFound", "Conflict"]


def test_a_quota_of_aks_is_refused_without_the_frame_that_others_have(azure: Azure) -> None:
    # Not published, but in what people show of Terraform's runs: AKS answers so before it begins.
    group = "/subscriptions/subid/resourceGroups/rgName"
    azure.keep(group, {"location": "eastus"})
    pool = {"name": "a", "vmSize": "Standard_D8s_v5", "count": 2}
    body: Json = {"location": "eastus", "properties": {"agentPoolProfiles": [pool]}}
    path = f"{group}/providers/Microsoft.ContainerService/managedClusters/c"
    answer = refused(azure, path, body)
    assert (answer["code"], answer["details"]) == ("ErrCode_InsufficientVCPUQuota", None)
    assert answer["message"].startswith("Insufficient regional vcpu quota left for location eastus")
    assert answer["subcode"] == ""
