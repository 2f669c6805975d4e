"""Whether a cluster exists in Azure: asked over HTTP, and only where somebody may be signed in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kalypso.errors import DeliveryError, Position
from kalypso.observation import ManagementApi, Unreachable
from kalypso.stack.azure_presence import cluster_exists
from tests.doctor.test_machine import Answers, server  # noqa: F401 - a fixture

ID = "/subscriptions/1/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/drone"


@pytest.fixture(autouse=True)
def _signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_CLIENT_ID", "me")


def token() -> str:
    return "t0ken"


@pytest.mark.parametrize(("status", "there"), [(200, True), (404, False), (403, None), (500, None)])
def test_azure_says_whether_a_cluster_exists(
    server: Answers,  # noqa: F811 - see above
    status: int,
    *,
    there: bool | None,
) -> None:
    server.known[ID] = (status, {}, b"{}")
    assert cluster_exists(ID, ManagementApi(server.url), lambda: token) is there
    assert server.asked == [(f"{ID}?api-version=2025-09-01", "Bearer t0ken")]


def refusing(error: Exception) -> Callable[[], Callable[[], str]]:
    def signed_in() -> Callable[[], str]:
        raise error

    return signed_in


@pytest.mark.parametrize(
    "error",
    [Unreachable("signing in to Azure failed"), DeliveryError("no library", Position("clusters"))],
)
def test_whoever_cannot_sign_in_cannot_say(error: Exception) -> None:
    assert cluster_exists(ID, signed_in=refusing(error)) is None


def test_an_azure_that_does_not_answer_cannot_say() -> None:
    assert cluster_exists(ID, ManagementApi("http://127.0.0.1:1"), lambda: token) is None


def test_nobody_is_asked_where_nothing_could_sign_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AZURE_CLIENT_ID", "AZURE_TENANT_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert cluster_exists(ID, signed_in=refusing(AssertionError("asked"))) is None
    (tmp_path / "az").write_text("#!/bin/sh\n")
    (tmp_path / "az").chmod(0o755)
    with pytest.raises(AssertionError, match="asked"):
        cluster_exists(ID, signed_in=refusing(AssertionError("asked")))
