"""The provider of custom resources loads little: the engine starts two of them in each run."""

import json
import subprocess
import sys

SLOW = ("pulumi", "pydantic", "kalypso.stack.settings")


def said(*statements: str) -> object:
    """Return what a fresh process that runs statements prints, as JSON."""
    code = "; ".join(("import json, sys", *statements))
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def test_resources_are_served_without_the_sdk_and_the_models_of_settings() -> None:
    found = said(
        "from components.provider.server import load_protocol",
        "load_protocol()",
        "from components.provider import catalog, serving",
        """catalog.resources({"kalypso:config:tokens": "{}", "kalypso:config:branch": "main"})""",
        f"print(json.dumps([each for each in {SLOW} if each in sys.modules]))",
    )
    assert found == []


def test_a_setting_in_a_group_is_read_with_the_models_that_know_it() -> None:
    found = said(
        "from components.provider import catalog",
        """catalog.resources({"kalypso:config:limits": '{"removals": 3}'})""",
        f"print(json.dumps([each for each in {SLOW} if each in sys.modules]))",
    )
    assert found == ["pydantic", "kalypso.stack.settings"]
