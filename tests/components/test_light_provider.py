"""The provider of custom resources loads little: the engine starts one in each run."""

from tests.components.test_servicer import STARTED, here

LOADED = "print(*(x for x in ('pydantic', 'kalypso.stack.settings') if x in sys.modules))"


def loaded_for(*variables: tuple[str, str]) -> list[str]:
    """Return what takes long of what the provider has loaded to serve resources."""
    catalog = "from components.provider import catalog\n"
    return here(f"{STARTED}{catalog}catalog.resources({dict(variables)!r})\n{LOADED}").split()


def test_resources_are_served_without_the_models_of_settings() -> None:
    tokens, branch = ("kalypso:config:tokens", "{}"), ("kalypso:config:branch", "main")
    assert loaded_for(tokens, branch) == []


def test_a_setting_in_a_group_is_read_with_the_models_that_know_it() -> None:
    found = loaded_for(("kalypso:config:limits", '{"removals": 3}'))
    assert found == ["pydantic", "kalypso.stack.settings"]
