"""Starts the provider: the engine runs this once in each preview, and once in each update."""

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from kalypso.garbage import collect_seldom

_PACKAGES = ("pulumi", "pulumi.runtime")
_PROTOCOL = "pulumi.runtime.proto"


def main() -> None:
    """Serve until the engine ends. Its address is the first argument that is not an option."""
    collect_seldom()
    load_protocol()
    from .serving import serve

    serve()


def load_protocol() -> None:
    """Load the messages that engine and providers exchange, without the SDK that they come with.

    A provider needs no more of it, and the whole takes as long as all else at the start. Whoever
    imports the SDK afterwards gets it, with these messages.
    """
    sdk = find_spec(_PACKAGES[0])
    if sdk is None or not sdk.submodule_search_locations or _PACKAGES[0] in sys.modules:
        return
    folder = sdk.submodule_search_locations[0]
    for name, where in zip(_PACKAGES, (folder, f"{folder}/runtime"), strict=True):
        empty = ModuleType(name)
        empty.__path__ = [where]
        sys.modules[name] = empty
    try:
        import_module(_PROTOCOL)
    finally:
        for name in _PACKAGES:
            del sys.modules[name]


if __name__ == "__main__":
    main()
