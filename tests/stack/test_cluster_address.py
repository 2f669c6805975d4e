"""What a hub gets to know of a cluster: where it is, and never how its administrator signs in."""

import base64
from pathlib import Path

import pytest

from kalypso.errors import Problems
from kalypso.stack.cluster_address import Address, addresses_of

CONFIG = """\
apiVersion: v1
kind: Config
clusters:
  - {name: data, cluster: {server: "https://edge:6443", certificate-authority-data: Q0E=}}
  - {name: file, cluster: {server: "https://edge:6443", certificate-authority: certs/ca.crt}}
  - {name: lost, cluster: {server: "https://edge:6443", certificate-authority: gone.crt}}
  - {name: public, cluster: {server: "https://api.example.com", tls-server-name: edge.local}}
  - {name: open, cluster: {server: "http://edge:8080"}}
  - {name: blind, cluster: {server: "https://edge:6443", insecure-skip-tls-verify: true}}
  - {name: nowhere, cluster: {}}
users: [{name: admin, user: {token: t0ken}}]
contexts:
"""
NAMES = ("data", "file", "lost", "public", "open", "blind", "nowhere")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Variables by which a kubeconfig is found that has a context for each of its clusters."""
    contexts = "".join(
        f"  - {{name: {n}, context: {{cluster: {n}, user: admin}}}}\n" for n in NAMES
    )
    (tmp_path / "config").write_text(CONFIG + contexts)
    (tmp_path / "certs").mkdir()
    (tmp_path / "certs" / "ca.crt").write_text("CA of the file")
    return {"KUBECONFIG": str(tmp_path / "config")}


def test_a_server_comes_with_what_vouches_for_it(environment: dict[str, str]) -> None:
    assert addresses_of(["data", "public"], environment) == {
        "data": Address(server="https://edge:6443", authority="Q0E="),
        "public": Address(server="https://api.example.com", name="edge.local"),
    }


def test_a_certificate_is_found_beside_the_kubeconfig_that_names_it(
    environment: dict[str, str],
) -> None:
    found = addresses_of(["file"], environment)["file"]
    assert base64.b64decode(found.authority) == b"CA of the file"


def test_nothing_of_the_administrator_is_taken_along(environment: dict[str, str]) -> None:
    assert "t0ken" not in str(addresses_of(["data", "file", "public"], environment))


@pytest.mark.parametrize(
    ("context", "why"),
    [
        ("lost", "gone.crt cannot be read: No such file or directory"),
        ("open", "its server is not reached by https://"),
        ("blind", "its certificate is not checked, so anybody could take the hub's token"),
        ("nowhere", "its server is not reached by https://"),
    ],
)
def test_a_token_is_sent_to_no_server_that_cannot_prove_who_it_is(
    environment: dict[str, str], context: str, why: str
) -> None:
    with pytest.raises(Problems) as caught:
        addresses_of(["data", context], environment)
    (problem,) = map(str, caught.value.problems)
    assert f"the cluster of the context {context!r} cannot have a hub: {why}" in problem
    assert problem.startswith(environment["KUBECONFIG"])


def test_every_server_that_cannot_have_a_hub_is_reported(environment: dict[str, str]) -> None:
    with pytest.raises(Problems) as caught:
        addresses_of(NAMES, environment)
    assert len(caught.value.problems) == 4


def test_no_cluster_with_a_hub_needs_no_kubeconfig(tmp_path: Path) -> None:
    assert addresses_of([], {"KUBECONFIG": str(tmp_path / "none")}) == {}
