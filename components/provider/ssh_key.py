"""`SshKey`: a key for SSH that is made once and never shown.

It is made here, so that no command line and no file sees it. What it opens is for others to say:
until a forge is given its public half, it opens nothing, so a run that is killed leaves no harm.
"""

from kalypso.errors import DeliveryError, Position

from .. import resources
from .resource import Difference, Present, Report, changed_inputs
from .schema import required_inputs
from .values import Properties


class SshKey:
    """Keeps an Ed25519 key in the state."""

    inputs = required_inputs(resources.SshKey)

    def create(self, inputs: Properties, report: Report) -> Present:
        """Make a key; its public half is its name."""
        del report
        public, private = _make()
        state: Properties = {**inputs, "publicKey": public, "privateKey": private}
        return Present(public.split()[1], state, inputs)

    def read(self, resource_id: str, state: Properties, inputs: Properties) -> Present:
        """Return what the state says: there is no other place to look at."""
        return Present(resource_id, state, inputs)

    def diff(self, state: Properties, old: Properties, inputs: Properties) -> Difference:
        """Another rotation is another key; the old one opens until the new one is in use."""
        del old
        replaces = changed_inputs(state, inputs, ("rotation",))
        return Difference(bool(replaces), replaces=replaces, new_first=True)

    def update(self, state: Properties, inputs: Properties, report: Report) -> Properties:
        """Keep it as it is: nothing of it changes in place."""
        del report
        return {**state, **inputs}

    def delete(self, state: Properties) -> None:
        """Forget it with the state."""


def _make() -> tuple[str, str]:
    """Return the public and the private half of a new key, in OpenSSH's format.

    Raises:
        DeliveryError: The library that makes keys is not installed.
    """
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    except ImportError:
        raise DeliveryError(
            "keys are made with a library that is not installed",
            Position("cryptography"),
            "pip install 'kalypso-on-pulumi[github]'",
            code="no-library",
        ) from None
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.OpenSSH,
        serialization.NoEncryption(),
    )
    return public.decode(), private.decode()
