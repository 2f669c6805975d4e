"""One object of an API server: there or not, or not to be known."""

from __future__ import annotations

from typing import Any

from kalypso.observation.cluster_state import OWN_CLOCKS, Clocks
from kalypso.observation.conversation import Conversation, NotServed, Refused, Server, Unreachable

_SECONDS = 15.0


def find_object(server: Server, path: str, clocks: Clocks = OWN_CLOCKS) -> dict[str, Any] | None:
    """Return an object; None if there is none, or if the server has no such kind.

    Args:
        server: The server.
        path: Of the object in its API.
        clocks: This process's.

    Raises:
        Unreachable: The server does not answer, or not with an object.
    """
    talk = Conversation(server, clocks.steady() + _SECONDS, clocks.steady, clocks.sleep)
    try:
        return talk.ask(path)
    except NotServed:
        return None
    except Refused as error:
        raise Unreachable(str(error)) from error
