"""Surroundings that a test describes: all is well unless it says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kalypso.doctor import Unanswered

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
HOME = f"/subscriptions/{SUBSCRIPTION}"
COMPUTE = f"{HOME}/providers/Microsoft.Compute"
B2S = {
    "resourceType": "virtualMachines",
    "name": "Standard_B2s",
    "family": "standardBSFamily",
    "capabilities": [{"name": "vCPUs", "value": "2"}],
    "restrictions": [],
}


def usage(name: str, shown: str, used: int, limit: int) -> dict[str, Any]:
    return {
        "name": {"value": name, "localizedValue": shown},
        "currentValue": used,
        "limit": limit,
    }


def answers() -> dict[str, Any]:
    """Return what a subscription answers in which all is well and nothing is made."""
    return {
        HOME: {"state": "Enabled", "displayName": "Platform"},
        f"{HOME}/providers/Microsoft.ContainerService": {"registrationState": "Registered"},
        f"{HOME}/providers/Microsoft.KubernetesConfiguration": {"registrationState": "Registered"},
        f"{COMPUTE}/skus": {"value": [B2S]},
        f"{COMPUTE}/locations/westus2/usages": {
            "value": [
                usage("cores", "Total Regional vCPUs", 4, 10),
                usage("standardBSFamily", "Standard BS Family vCPUs", 0, 10),
            ]
        },
    }


@dataclass
class Played:
    """What tests say that there is."""

    environment: Mapping[str, str] = field(
        default_factory=lambda: {
            "PULUMI_BACKEND_URL": "file:///state",
            "PULUMI_CONFIG_PASSPHRASE": "only a test",
        }
    )
    versions: dict[str, str] = field(
        default_factory=lambda: {
            "pulumi": "v3.250.0\n",
            "git": "git version 2.47.1\n",
            "kubelogin": "kubelogin version\n",
        }
    )
    lacking: set[str] = field(default_factory=set)
    """Packages that are not installed."""
    writable: bool = True
    contexts: dict[str, str] = field(default_factory=dict)
    """Version by context; a text that begins with `!` is why it does not answer."""
    there: dict[str, Any] = field(default_factory=answers)
    """Answers of Azure by path."""
    refusal: str = ""
    """Why Azure answers nothing."""
    scopes: frozenset[str] | None = frozenset({"repo", "workflow"})
    forge_refusal: str = ""
    administers: dict[str, bool | str | None] = field(default_factory=dict)
    """Whether the token administers a repository, by its full name; a text is why nobody says."""

    def version(self, program: str) -> str | None:
        return self.versions.get(program)

    def has_package(self, module: str) -> bool:
        return module not in self.lacking

    def folder_is_writable(self, path: str) -> bool:
        assert path == "/state"
        return self.writable

    def context(self, name: str) -> str:
        told = self.contexts[name]
        if told.startswith("!"):
            raise Unanswered(told[1:])
        return told

    def azure(self, path: str, version: str, query: str = "") -> dict[str, Any] | None:
        assert version
        if self.refusal:
            raise Unanswered(self.refusal)
        if path.endswith("/skus"):
            assert query == "%24filter=location+eq+%27westus2%27"
        found: dict[str, Any] | None = self.there.get(path)
        return found

    def may_administer(self, address: str, token: str) -> bool | None:
        assert (token[:1], len(token)) == ("t", 5)
        answer = self.administers[address.removeprefix("https://api.github.com/repos/")]
        if isinstance(answer, str):
            raise Unanswered(answer)
        return answer

    def token_scopes(self, address: str, token: str) -> frozenset[str] | None:
        assert (address, token) == ("https://api.github.com/user", "t0ken")
        if self.forge_refusal:
            raise Unanswered(self.forge_refusal)
        return self.scopes
