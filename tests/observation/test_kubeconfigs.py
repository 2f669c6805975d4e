"""The ways of a kubeconfig to a server, and what is wrong with one."""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kalypso.errors import DeliveryError
from kalypso.observation import Kubeconfig, Unreachable
from tests.observation.bench import Fleet
from tests.support.tls import Authority


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def secured(tmp_path: Path, authority: Authority) -> Iterator[Fleet]:
    """A fleet whose cluster drone wants a certificate of everybody."""
    fleet = Fleet(tmp_path)
    drone, edge = fleet.servers["drone"], fleet.servers["edge"]
    authority.secure(drone, "127.0.0.1", only_known=True)
    fleet.contexts["drone"] = drone.context("drone")
    with drone, edge:
        yield fleet


def trusts(fleet: Fleet, authority: Authority) -> None:
    (cluster,) = fleet.contexts["drone"]["clusters"]
    cluster["cluster"]["certificate-authority-data"] = _text(authority.file.read_bytes())


def shows_certificate(fleet: Fleet, authority: Authority) -> None:
    (user,) = fleet.contexts["drone"]["users"]
    certificate, key = authority.client("reader")
    user["user"] |= {"client-certificate-data": _text(certificate), "client-key-data": _text(key)}


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_a_certificate_signs_in(secured: Fleet, authority: Authority) -> None:
    trusts(secured, authority)
    shows_certificate(secured, authority)
    assert secured.told() == ("pass", "")


def test_a_server_that_misses_a_certificate_is_unreachable(
    secured: Fleet, authority: Authority
) -> None:
    trusts(secured, authority)
    outcome, said = secured.told()
    assert (outcome, said.startswith("unreachable: ")) == ("outside", True)


def test_a_server_of_an_unknown_authority_gets_no_credentials(
    secured: Fleet, authority: Authority
) -> None:
    shows_certificate(secured, authority)
    outcome, said = secured.told()
    assert (outcome, "certificate verify failed" in said) == ("outside", True)
    assert secured.servers["drone"].authorizations == set()


def test_an_authority_beside_the_kubeconfig_is_found(secured: Fleet, authority: Authority) -> None:
    (cluster,) = secured.contexts["drone"]["clusters"]
    cluster["cluster"]["certificate-authority"] = authority.file.name
    shows_certificate(secured, authority)
    assert secured.told() == ("pass", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "the context 'drone' cannot be used: "),
        ("", "the context 'drone' cannot be used: "),
        ("- a list", "the context 'drone' cannot be used: "),
        ("{a: [", "the context 'drone' cannot be used: "),
        ("clusters: []\nusers: []\ncontexts: []\n", "Expected object with name drone"),
        (
            "{clusters: [], users: [], contexts: [{name: drone, context: {cluster: c, user: u}}]}",
            "Expected object with name c in",
        ),
    ],
)
def test_a_kubeconfig_that_leads_nowhere_is_no_traceback(
    tmp_path: Path, text: str | None, said: str
) -> None:
    file = tmp_path / "config"
    if text is not None:
        file.write_text(text)
    with pytest.raises(Unreachable) as caught:
        Kubeconfig([file]).server("drone")
    assert said in str(caught.value)


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "kubernetes.config", None)
    with pytest.raises(DeliveryError) as caught:
        Kubeconfig([tmp_path / "config"])
    assert caught.value.problem.hint == "pip install 'kalypso-on-pulumi[kubernetes]'"


def test_a_kubeconfig_that_verifies_nothing_is_taken_at_its_word(
    secured: Fleet, authority: Authority
) -> None:
    (cluster,) = secured.contexts["drone"]["clusters"]
    cluster["cluster"]["insecure-skip-tls-verify"] = True
    shows_certificate(secured, authority)
    assert secured.told() == ("pass", "")
