"""A setting may be given by its dotted key, inside an object, or both: it is the same setting."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kalypso.stack.settings import GROUPS, SETTINGS, Settings
from kalypso.stack.stack_file import known_keys, parse_settings

VALUES: Mapping[str, object] = {
    "azure.createResourceGroup": False,
    "azure.federation": True,
    "azure.location": "westus2",
    "azure.login": "spn",
    "azure.nodes": 3,
    "azure.protect": True,
    "azure.resourceGroup": "platform-rg",
    "azure.subscription": "11111111-2222-3333-4444-555555555555",
    "azure.tags": {"team": "platform"},
    "azure.vmSize": "Standard_D2s_v5",
    "clusters": [{"name": "drone"}, {"name": "hub", "role": "control-plane"}],
    "commit.author": "Ada <ada@example.com>",
    "commit.sign": True,
    "controlPlane.backend": "azblob://state",
    "controlPlane.branch": "live",
    "controlPlane.cluster": "hub",
    "controlPlane.folder": "platform",
    "controlPlane.gitKey": "TOKEN",
    "controlPlane.image": "ghcr.io/acme/kalypso:1.0",
    "controlPlane.install": "none",
    "controlPlane.kubeconfig": "kubeconfig",
    "controlPlane.namespace": "platform",
    "controlPlane.repository": "https://git.example.com/acme/platform",
    "controlPlane.seconds": 300,
    "controlPlane.secret": "variables",
    "controlPlane.secretsProvider": "azurekeyvault://acme.vault.azure.net/keys/pulumi",
    "controlPlane.variables": ["TOKEN"],
    "conventions": "operator",
    "delivery": "repository-files",
    "environment": "stage",
    "environments": ["dev", "stage"],
    "forge": "github",
    "forge.api": "https://api.ghe.example",
    "forge.folder": "/srv/forge",
    "forge.url": "https://ghe.example",
    "github.app.id": "12",
    "github.app.installation": 34,
    "github.app.key": "k",
    "github.owner": "acme",
    "github.token": "",
    "github.visibility": "public",
    "gitops.markGenerated": True,
    "gitops.owners": {"*": ["@acme/platform"]},
    "install.argocd": "install/argocd.yaml",
    "install.flux": "https://git.example.com/flux.yaml",
    "install.fluxLockdown": True,
    "install.operator": "install/operator.yaml",
    "issues": False,
    "limits.acknowledge": "0a1b2c3d4e5f",
    "limits.removals": 7,
    "limits.rollback": True,
    "limits.share": 0.5,
    "limits.takeOver": "qa",
    "model.base": "../main",
    "model.folder": "../dev",
    "platformStack": "prod",
    "prefix": "acme",
    "previewFiles": False,
    "promotion": {"dev": {"share": "95%"}},
    "reader.app.id": "56",
    "reader.app.installation": 78,
    "reader.app.key": "q",
    "reader.deployKeys": True,
    "reader.hostKeys": "ghe.example ssh-ed25519 AAAA",
    "reader.rotation": "2026-12",
    "reader.token": "r",
    "reader.username": "reader",
    "repositories.bypass": ["maintainers"],
    "repositories.control-plane": "https://ghe.example/acme/fleet",
    "repositories.environments": True,
    "repositories.linkLocal": True,
    "repositories.onDestroy": "delete",
    "repositories.rulesets": True,
    "repositories.secrets": {"KALYPSO_TOKEN": {"dev": "t", "*": "u"}},
    "sources.onError": "stop",
    "strict": True,
    "templates.allow": ["now"],
    "templates.kinds": {"namespace": ["Namespace"]},
    "templates.missingKey": "default",
    "tokens": {"git.example.com": "t"},
}
"""A value of each key that is not its default."""


def as_text(value: object) -> str:
    """Return a value as the engine has it in the configuration."""
    return value if isinstance(value, str) else json.dumps(value)


def parsed(config: Mapping[str, object]) -> Settings:
    return parse_settings({f"kalypso:{key}": as_text(v) for key, v in config.items()}, "dev")


def gathered(config: Mapping[str, object], groups: set[str]) -> dict[str, object]:
    """Return settings with those of some groups inside objects."""
    found = dict(config)
    for group in sorted(groups, key=len, reverse=True):  # github.app before github
        inner = {key: value for key, value in found.items() if key.startswith(f"{group}.")}
        if inner:
            found = {key: value for key, value in found.items() if key not in inner}
            found[group] = {key.removeprefix(f"{group}."): v for key, v in inner.items()}
    return found


def test_every_key_has_a_value_here() -> None:
    assert sorted(VALUES) == known_keys()


@pytest.mark.parametrize("key", sorted(VALUES))
def test_every_value_is_read(key: str) -> None:
    (setting,) = [each for each in SETTINGS if each.key == key]
    read: object = parsed(VALUES)
    default: object = Settings(environment="dev")
    for name in setting.names:
        read, default = getattr(read, name), getattr(default, name)
    assert read != default or key == "github.token"  # an App is set, which forbids one


@given(
    st.sets(st.sampled_from(sorted(VALUES)), min_size=1), st.sets(st.sampled_from(sorted(GROUPS)))
)
def test_dotted_keys_and_objects_are_equal_settings(keys: set[str], groups: set[str]) -> None:
    needed = {"github.owner", "github.app.id", "github.app.key", "forge"}
    chosen = {key: VALUES[key] for key in sorted(keys | needed)}
    assert parsed(gathered(chosen, groups)) == parsed(chosen)


def _several(group: str) -> bool:
    return sum(key.startswith(f"{group}.") for key in VALUES) > 1


@pytest.mark.parametrize("group", sorted(filter(_several, GROUPS)))
def test_an_object_and_dotted_keys_of_the_same_group_mix(group: str) -> None:
    inside, *others = [key for key in VALUES if key.startswith(f"{group}.")]
    rest = {key: VALUES[key] for key in VALUES if key != inside}
    mixed = {**rest, group: {inside.removeprefix(f"{group}."): VALUES[inside]}}
    assert others
    assert parsed(mixed) == parsed(VALUES)


def test_the_template_asks_only_for_keys_that_there_are_with_their_defaults() -> None:
    project = yaml.safe_load((Path(__file__).parents[2] / "Pulumi.yaml").read_text())
    asked = project["template"]["config"]
    declared = {key.removeprefix("kalypso:"): each["default"] for key, each in asked.items()}
    assert declared.keys() <= set(known_keys())
    assert parsed(declared) == parsed({})
