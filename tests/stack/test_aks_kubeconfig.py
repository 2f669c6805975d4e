"""Kubeconfigs as Azure gives them: readable, and without a browser."""

import base64

import pytest
import yaml

from kalypso.stack.aks_kubeconfig import read_aks_kubeconfig
from kalypso.stack.azure_settings import Login

CERTIFICATE = """\
apiVersion: v1
kind: Config
clusters:
- cluster: {certificate-authority-data: Q0E=, server: "https://drone.hcp.westus2.azmk8s.io:443"}
  name: drone
contexts:
- context: {cluster: drone, user: clusterUser_kalypso-rg_drone}
  name: drone
current-context: drone
users:
- name: clusterUser_kalypso-rg_drone
  user: {client-certificate-data: Q0VSVA==, client-key-data: S0VZ, token: abc}
"""
ENTRA_ID = """\
apiVersion: v1
kind: Config
users:
- name: clusterUser_kalypso-rg_drone
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
      - get-token
      - --environment
      - AzurePublicCloud
      - --server-id
      - 6dae42f8-4368-4678-94ff-3960e28e3630
      - --client-id
      - 80faf920-1908-4b52-b5ef-a8e7bedfc67a
      - --tenant-id
      - 72f988bf-86f1-41af-91ab-2d7cd011db47
      - --login
      - devicecode
      command: kubelogin
"""
SERVER = ["--server-id", "6dae42f8-4368-4678-94ff-3960e28e3630"]


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_a_kubeconfig_with_a_certificate_stays_as_it_is() -> None:
    assert read_aks_kubeconfig(encoded(CERTIFICATE), "azurecli") == CERTIFICATE


@pytest.mark.parametrize(
    ("login", "arguments"),
    [
        ("azurecli", SERVER),
        ("workloadidentity", SERVER),
        ("msi", SERVER),
        (
            "spn",
            [
                "--environment",
                "AzurePublicCloud",
                *SERVER,
                "--tenant-id",
                "72f988bf-86f1-41af-91ab-2d7cd011db47",
            ],
        ),
    ],
)
def test_nobody_is_asked_to_type_a_code(login: Login, arguments: list[str]) -> None:
    document = yaml.safe_load(read_aks_kubeconfig(encoded(ENTRA_ID), login))
    (user,) = document["users"]
    assert user["user"]["exec"] == {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "args": ["get-token", "--login", login, *arguments],
        "command": "kubelogin",
    }


def test_another_program_that_signs_in_is_left_alone() -> None:
    given = ENTRA_ID.replace("command: kubelogin", "command: company-login")
    assert read_aks_kubeconfig(encoded(given), "azurecli") == given


@pytest.mark.parametrize("text", ["", "[]", "users: [1]", "users: [{name: k3y}]", "{"])
def test_what_is_not_a_kubeconfig_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"^what Azure gave is not a kubeconfig$"):
        read_aks_kubeconfig(encoded(text or "null"), "azurecli")
