"""Starts a stand-in for a plugin of the engine without Pulumi's SDK, as our provider is started.

Python runs this with the module of the stand-in as its argument; the engine's arguments follow.
"""

import runpy
import sys

from components.provider.server import load_protocol


def main() -> None:
    load_protocol()
    runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
