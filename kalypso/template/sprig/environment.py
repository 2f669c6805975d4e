"""Functions that would read what surrounds the process: refused.

A template that read them would give other results elsewhere, and could show secrets.
"""

from __future__ import annotations

from typing import Final, NoReturn

from kalypso.golang.signatures import FunctionError, Kind
from kalypso.template.functions import Function

_ENVIRONMENT: Final = "a template must not read the environment of the process"
_NETWORK: Final = "a template must not use the network"


def _refuse_environment(_text: str) -> NoReturn:
    raise FunctionError("not available: templates do not read environment variables")


def _refuse_network(_name: str) -> NoReturn:
    raise FunctionError("not available: templates do not use the network")


FUNCTIONS: dict[str, Function] = {
    "env": Function((Kind.STRING,), _refuse_environment, refused=_ENVIRONMENT),
    "expandenv": Function((Kind.STRING,), _refuse_environment, refused=_ENVIRONMENT),
    "getHostByName": Function((Kind.STRING,), _refuse_network, refused=_NETWORK),
}
