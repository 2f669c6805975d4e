"""Functions that would read what surrounds the process: refused.

A template that read them would give other results elsewhere, and could show secrets.
"""

from __future__ import annotations

from typing import NoReturn

from kalypso.golang.signatures import Function, FunctionError, Kind


def _refuse_environment(_text: str) -> NoReturn:
    raise FunctionError("not available: templates do not read environment variables")


def _refuse_network(_name: str) -> NoReturn:
    raise FunctionError("not available: templates do not use the network")


FUNCTIONS: dict[str, Function] = {
    "env": Function((Kind.STRING,), _refuse_environment),
    "expandenv": Function((Kind.STRING,), _refuse_environment),
    "getHostByName": Function((Kind.STRING,), _refuse_network),
}
