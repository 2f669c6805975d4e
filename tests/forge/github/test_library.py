"""What GitHub needs is loaded without what it only brings along."""

import json
import subprocess
import sys


def loaded(statement: str) -> list[str]:
    """Return which modules a fresh process has when it has run a statement with the library."""
    code = (
        "import json, sys\n"
        "from kalypso.forge.github.library import library\n"
        f"with library('here'):\n    {statement}\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    names: list[str] = json.loads(done.stdout)
    return names


def test_the_client_is_there_without_the_command_that_httpx_has_where_rich_is_installed() -> None:
    found = loaded("import kalypso.forge.github.client, rich")
    assert {"githubkit", "httpx", "rich"} <= set(found)
    assert not {"httpx._main", "rich.console"} & set(found)


def test_who_has_loaded_that_command_keeps_it() -> None:
    assert "httpx._main" in loaded(
        "pass\nimport httpx\nwith library('here'):\n    import githubkit"
    )
