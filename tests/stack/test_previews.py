"""What a preview shows of changed files: text up to a limit, then names, then sums."""

import pytest

from components.provider.preview_files import PreviewFiles
from components.provider.resource import Difference, Kind, property_path
from components.provider.values import Properties
from kalypso.errors import DeliveryError
from kalypso.git.write import Content
from kalypso.stack import previews
from kalypso.stack.gitops_tree import read_texts
from kalypso.stack.previews import Preview, changed_files
from kalypso.stack.schedule import make_schedule
from tests.stack.forge import SampleForge, quiet, settings_for

FOLDER = "large/observability-prometheus"
FILES = PreviewFiles()


def shown(forge: SampleForge) -> Preview | None:
    return changed_files(make_schedule(settings_for(forge.folder)))


def seen(forge: SampleForge) -> Preview:
    found = shown(forge)
    assert found is not None
    return found


def deliver(forge: SampleForge) -> None:
    forge.deliver(dict(make_schedule(settings_for(forge.folder)).evaluation.files))
    forge.forge().merge(1)


def stray(forge: SampleForge, **files: bytes) -> None:
    """Put files into a cluster type's folder, which the next delivery removes."""
    changes: dict[str, Content] = {f"drone/{name}": text for name, text in files.items()}
    forge.commit("gitops", "dev", changes)


def test_a_first_preview_shows_new_texts_before_the_repository_exists(
    sample_forge: SampleForge,
) -> None:
    found = seen(sample_forge)
    assert "kind: Namespace" in found.after[f"{FOLDER}/namespace.yaml"]
    assert read_texts(found.before) == {}
    assert found.more == ""
    assert not sample_forge.folder.exists()


def test_a_changed_file_has_both_texts(made_forge: SampleForge) -> None:
    deliver(made_forge)
    made_forge.commit("gitops", "dev", {f"{FOLDER}/config.yaml": b"by: hand\n"})
    found = seen(made_forge)
    assert list(found.after) == [f"{FOLDER}/config.yaml"]
    assert read_texts(found.before) == {f"{FOLDER}/config.yaml": "by: hand\n"}


def test_a_file_that_goes_has_only_its_old_text(made_forge: SampleForge) -> None:
    deliver(made_forge)
    stray(made_forge, notes=b"old\n")
    found = seen(made_forge)
    assert (dict(found.after), read_texts(found.before)) == ({}, {"drone/notes": "old\n"})


def test_what_waits_for_review_or_was_merged_is_not_shown(made_forge: SampleForge) -> None:
    made_forge.deliver(dict(make_schedule(settings_for(made_forge.folder)).evaluation.files))
    assert shown(made_forge) is None
    made_forge.forge().merge(1)
    assert shown(made_forge) is None


def test_files_are_compared_with_the_pull_request_that_is_open(made_forge: SampleForge) -> None:
    files = dict(make_schedule(settings_for(made_forge.folder)).evaluation.files)
    made_forge.deliver({**files, f"{FOLDER}/config.yaml": "proposed: before\n"})
    found = seen(made_forge)
    assert list(found.after) == [f"{FOLDER}/config.yaml"]
    assert read_texts(found.before) == {f"{FOLDER}/config.yaml": "proposed: before\n"}


def test_files_of_people_are_not_shown(made_forge: SampleForge) -> None:
    deliver(made_forge)
    made_forge.commit("gitops", "dev", {"README.md": b"new\n", ".github/x.yaml": b"y\n"})
    assert shown(made_forge) is None


def test_above_200_files_the_others_are_named(made_forge: SampleForge) -> None:
    deliver(made_forge)
    stray(made_forge, **{f"n{number:03}": b"x\n" for number in range(203)})
    found = seen(made_forge)
    assert len(read_texts(found.before)) == 200
    assert found.more == "3 more files: 3 removed\n- drone/n200\n- drone/n201\n- drone/n202"


def test_above_two_megabytes_files_are_named(made_forge: SampleForge) -> None:
    deliver(made_forge)
    stray(made_forge, large=b"x" * (2 * 1024 * 1024 - 1), small=b"y\n", tiny=b"z")
    found = seen(made_forge)
    assert sorted(read_texts(found.before)) == ["drone/large", "drone/tiny"]
    assert found.more == "1 more file: 1 removed\n- drone/small"


def test_above_2000_names_only_sums_are_left(
    made_forge: SampleForge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "MOST_FILES", 1)
    monkeypatch.setattr(previews, "MOST_NAMES", 2)
    deliver(made_forge)
    stray(made_forge, a=b"1", b=b"2", c=b"3", d=b"4")
    more = seen(made_forge).more
    assert more.startswith("3 more files: 3 removed\ntoo many to list here: `kalypso diff`")
    assert "drone/" not in more


def test_a_name_that_the_engine_cannot_take_is_named_only(made_forge: SampleForge) -> None:
    deliver(made_forge)
    stray(made_forge, **{"odd\\": b"1"})
    found = seen(made_forge)
    assert read_texts(found.before) == {}
    assert found.more == "1 more file: 1 removed\n- drone/odd\\"


def test_text_that_is_not_utf_8_is_shown_as_far_as_it_is(made_forge: SampleForge) -> None:
    deliver(made_forge)
    stray(made_forge, bytes=b"a\xff\n")
    assert read_texts(seen(made_forge).before) == {"drone/bytes": "a\N{REPLACEMENT CHARACTER}\n"}


def test_the_provider_answers_with_old_texts_and_a_short_id(made_forge: SampleForge) -> None:
    deliver(made_forge)
    stray(made_forge, notes=b"old\n")
    there = FILES.read(seen(made_forge).before, {}, {})
    assert there.resource_id == "only in previews"
    assert there.inputs == {}
    assert there.state == {"files": {"drone/notes": "old\n"}}


@pytest.mark.parametrize("named", ["", "nowhere", "/nowhere|1", "nowhere|--help", f"|{'1' * 40}"])
def test_the_provider_answers_whatever_is_asked(named: str) -> None:
    assert FILES.read(named, {}, {}).state == {"files": {}}


def test_each_difference_is_named_as_the_engine_reads_it() -> None:
    old: Properties = {"files": {"a": "1", 'b"c': "1", "same": "1"}}
    new: Properties = {"files": {'b"c': "2", "d\\e": "1", "same": "1"}, "more": "1 more file"}
    assert FILES.diff(old, {}, new) == Difference(
        changed=True,
        details={
            'files["a"]': Kind.REMOVED,
            'files["b\\"c"]': Kind.CHANGED,
            'files["d\\e"]': Kind.ADDED,
            "more": Kind.ADDED,
        },
        of_outputs=True,
    )


def test_a_key_that_cannot_be_named_is_a_fault_of_the_program() -> None:
    with pytest.raises(ValueError, match="a"):
        property_path("files", "a\\")


def test_it_is_never_made_and_may_always_go() -> None:
    with pytest.raises(DeliveryError, match="only-in-previews"):
        FILES.create({"files": {}}, quiet)
    with pytest.raises(DeliveryError, match="only-in-previews"):
        FILES.update({}, {"files": {}}, quiet)
    FILES.delete({})
