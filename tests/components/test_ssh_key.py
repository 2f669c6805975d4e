"""Keys for SSH: made once, made again on request, and shown to nobody."""

import sys

import pytest
from cryptography.hazmat.primitives import serialization

from components.provider.ssh_key import SshKey
from components.provider.values import text
from kalypso.errors import DeliveryError
from tests.stack.forge import quiet


def public_of(private: str) -> str:
    """Return the public half that belongs to a private one, in OpenSSH's format."""
    key = serialization.load_ssh_private_key(private.encode(), password=None)
    made = key.public_key().public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    )
    return made.decode()


def test_both_halves_belong_together() -> None:
    made = SshKey().create({}, quiet)
    public, private = text(made.state, "publicKey"), text(made.state, "privateKey")
    assert public.startswith("ssh-ed25519 AAAA")
    assert private.startswith("-----BEGIN OPENSSH PRIVATE KEY-----\n")
    assert public_of(private) == public


def test_no_two_keys_are_the_same() -> None:
    one, other = (SshKey().create({}, quiet) for _ in range(2))
    assert one.state["privateKey"] != other.state["privateKey"]
    assert one.resource_id != other.resource_id


def test_what_names_a_key_says_nothing_of_its_private_half() -> None:
    made = SshKey().create({}, quiet)
    assert made.resource_id in text(made.state, "publicKey")
    assert made.resource_id not in text(made.state, "privateKey").replace("\n", "")
    assert made.inputs == {}


@pytest.mark.parametrize(
    ("before", "after", "replaces"),
    [
        ({}, {}, ()),
        ({"rotation": "1"}, {"rotation": "1"}, ()),
        ({"rotation": "1"}, {"rotation": "2"}, ("rotation",)),
        ({}, {"rotation": "1"}, ("rotation",)),
        ({"rotation": "1"}, {}, ("rotation",)),
    ],
)
def test_only_another_rotation_makes_another_key(
    before: dict[str, str], after: dict[str, str], replaces: tuple[str, ...]
) -> None:
    made = SshKey().create({**before}, quiet)
    found = SshKey().diff(made.state, {**before}, {**after})
    assert (found.changed, found.replaces) == (bool(replaces), replaces)
    assert found.new_first


def test_looking_at_a_key_changes_nothing() -> None:
    made = SshKey().create({"rotation": "1"}, quiet)
    assert SshKey().read(made.resource_id, made.state, made.inputs) == made
    assert SshKey().update(made.state, made.inputs, quiet) == made.state


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives", None)
    with pytest.raises(DeliveryError, match="library that is not installed") as caught:
        SshKey().create({}, quiet)
    assert caught.value.problem.code == "no-library"
    assert "kalypso-on-pulumi[github]" in str(caught.value)
