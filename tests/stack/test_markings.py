"""Lines for the forge, from the settings to the branch."""

import pytest

from components.provider.resource import Difference
from kalypso.errors import Problems
from kalypso.stack.gitops_tree import read_texts
from kalypso.stack.previews import changed_files
from kalypso.stack.schedule import make_schedule
from tests.components.test_provider_resources import seen
from tests.stack.forge import SampleForge, settings_for

CONFIG = {"gitops.markGenerated": "true", "gitops.owners": '{"drone": ["@acme/edge"]}'}


def files(forge: SampleForge, **config: str) -> dict[str, str]:
    return dict(make_schedule(settings_for(forge.folder, **config)).evaluation.files)


def test_without_settings_the_branch_holds_manifests_only(sample_forge: SampleForge) -> None:
    assert {".gitattributes", ".github/CODEOWNERS"}.isdisjoint(files(sample_forge))


def test_they_are_delivered_beside_what_people_wrote(made_forge: SampleForge) -> None:
    made_forge.commit("gitops", "dev", {".github/CODEOWNERS": b"* @ada\n"})
    made_forge.deliver(files(made_forge, **CONFIG))
    made_forge.forge().merge(1)
    branch = made_forge.forge().snapshot("dev").files
    assert branch[".github/CODEOWNERS"] == (
        b"* @ada\n\n# Kalypso writes the lines from here\n/drone/ @acme/edge\n# to here\n"
    )
    assert b"\n/drone/** linguist-generated\n" in branch[".gitattributes"]


def test_once_merged_they_are_no_difference(made_forge: SampleForge) -> None:
    wanted = files(made_forge, **CONFIG)
    state = made_forge.deliver(wanted)
    assert seen(made_forge, state, wanted) == Difference(changed=False)
    made_forge.forge().merge(1)
    assert seen(made_forge, state, wanted) == Difference(changed=False)


def test_a_preview_shows_the_files_that_they_change(made_forge: SampleForge) -> None:
    made_forge.commit("gitops", "dev", {".gitattributes": b"*.png binary\n"})
    made_forge.deliver(files(made_forge, **CONFIG))
    other = {**CONFIG, "gitops.owners": '{"*": ["@ada"]}'}
    shown = changed_files(make_schedule(settings_for(made_forge.folder, **other)))
    assert shown is not None
    assert list(shown.after) == [".github/CODEOWNERS"]
    assert "/drone/ @ada\n" in shown.after[".github/CODEOWNERS"]
    assert "/drone/ @acme/edge\n" in read_texts(shown.before)[".github/CODEOWNERS"]


@pytest.mark.parametrize("owner", ["acme", "@acme team", "@", "@acme/edge\\n* @eve"])
def test_an_owner_that_is_none_is_refused(sample_forge: SampleForge, owner: str) -> None:
    with pytest.raises(Problems, match=r"the setting 'gitops\.owners' is wrong"):
        files(sample_forge, **{"gitops.owners": f'{{"drone": ["{owner}"]}}'})
