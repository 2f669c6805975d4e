"""How the provider reaches other machines: by the configuration that the engine hands it.

Tokens, and the key of a GitHub App, are settings of the stack (secret), which the engine hands
to the program and, as the provider's configuration, to the provider. They are inputs of no
resource.
"""

import json
import os
from collections.abc import Collection, Mapping

from kalypso.forge import Place, Values, place_identified
from kalypso.git import Access
from kalypso.stack.credentials import access_from
from kalypso.stack.flat_keys import flat

_TOKENS = "tokens"


class ProviderConfiguration:
    """What the engine told the provider before anything else; changes with each `Configure`."""

    def __init__(self) -> None:
        self._values: Values = {}

    def take(self, variables: Mapping[str, str]) -> None:
        """Take the configuration as the engine gives it: `kalypso:config:<key>` to text."""
        given = {key.rpartition(":config:")[2]: text for key, text in variables.items()}
        self._values = {
            key: value if isinstance(value, str) else json.dumps(value)
            for key, value in flat(given, _groups(given))
        }

    def access(self) -> Access:
        """Return how repositories of other machines are reached."""
        tokens = self._values.get(_TOKENS) or "{}"
        given = json.loads(tokens) if tokens.startswith("{") else {}
        return access_from(os.environ, self._values, given)

    def place(self, properties: Mapping[str, object]) -> Place:
        """Return the repository that the inputs of a resource name.

        Raises:
            DeliveryError: The inputs name no repository.
        """
        return place_identified(properties, self._values)


def _groups(given: Mapping[str, str]) -> Collection[str]:
    """Return the keys that may stand for a group of settings; none if no setting could be one.

    Most stacks write each setting by its whole key, and then the models of all settings, which
    take longer to load than all else here, are not needed.
    """
    if not any(text.startswith("{") for key, text in given.items() if key != _TOKENS):
        return ()
    from kalypso.stack.settings import GROUPS

    return GROUPS
