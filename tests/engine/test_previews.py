"""What previews show of changed files, and that none of it reaches a state, on the real engine.

The engine prints old texts only of what it reads; so a dry run declares a resource that is
imported. That rests on how the engine behaves, and not on what it promises: these tests pin it.
The story is told once, in order; what was seen on the way is looked at by the tests.
"""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.engine.bench import Bench, up_command

PREVIEW = ("pulumi", "preview", "-s", "dev", "--non-interactive")
CONFIG = "large/observability-prometheus/config.yaml"
CHANGED = f"""\
          ~ files: {{
              ~ {CONFIG}: (yaml) {{
                    apiVersion: "v1"
"""
ODD = ('drone/a"b.yaml', "drone/back\\slash.yaml", 'drone/both\\"of them', "drone/new\\")
"""Names that the engine cannot take as they are; people may write them."""


@dataclass(frozen=True)
class Story:
    """What was seen, in order."""

    delivered: str
    """The state after the first delivery."""
    edited: str
    """A preview with differences after a person has changed a manifest."""
    plain: str
    """The same without differences."""
    planned: str
    """The same run by a plan that was saved without files."""
    plan: str
    """The saved plan."""
    after: str
    """The state after that."""
    odd: str
    """A preview of files with odd names that go."""
    many: str
    """A preview of very many files that go."""
    upgrade: str
    """A preview with differences on a state of version 0.1, with a change."""
    upgraded: str
    """What `pulumi up` printed then."""
    last: str
    """The state at the end."""


def state_of(bench: Bench) -> str:
    return (bench.state / ".pulumi/stacks/kalypso/dev.json").read_text()


def make_old(bench: Bench) -> None:
    """Give the state the inputs that version 0.1 kept: the text of every file."""
    file = bench.state / ".pulumi/stacks/kalypso/dev.json"
    document = json.loads(file.read_text())
    resources: list[dict[str, Any]] = document["checkpoint"]["latest"]["resources"]
    branch = next(r for r in resources if r["type"] == "kalypso:index:GitOpsBranch")
    for key in ("tree", "manifests", "content", "totals"):
        del branch["inputs"][key]
    branch["inputs"]["files"] = {
        f"large/app-{n}/config.yaml": f"old: TEXT-OF-OLD-{n}\n" for n in range(3_000)
    }
    file.write_text(json.dumps(document))


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    bench = Bench(tmp_path_factory.mktemp("previews"))
    bench.init("dev")
    bench.up("dev")
    delivered = state_of(bench)
    bench.merge(1)
    text = bench.tree("dev")[CONFIG].replace("REGION: West US", "REGION: By hand")
    bench.commit("gitops", "dev", {CONFIG: text})
    edited, plain = bench.good(*PREVIEW, "--diff"), bench.good(*PREVIEW)
    bench.set("dev", {"previewFiles": "false"})
    plan_file = bench.folder / "plan.json"
    bench.good(*PREVIEW, "--save-plan", str(plan_file))
    planned = bench.good(*up_command("dev")[:-2], "--non-interactive", "--plan", str(plan_file))
    plan, after = plan_file.read_text(), state_of(bench)
    bench.set("dev", {"previewFiles": "true"})
    bench.merge(2)
    bench.commit("gitops", "dev", dict.fromkeys(ODD, "odd: true\n"))
    odd = bench.good(*PREVIEW, "--diff")
    bench.commit("gitops", "dev", {f"drone/many/{n:04}.yaml": f"n: {n}\n" for n in range(5_000)})
    many = bench.good(*PREVIEW, "--diff")
    make_old(bench)
    upgrade, upgraded = bench.good(*PREVIEW, "--diff"), bench.up("dev")
    return Story(
        delivered=delivered,
        edited=edited,
        plain=plain,
        planned=planned,
        plan=plan,
        after=after,
        odd=odd,
        many=many,
        upgrade=upgrade,
        upgraded=upgraded,
        last=state_of(bench),
    )


def test_the_state_holds_no_text_of_a_manifest(story: Story) -> None:
    for state in (story.delivered, story.after, story.last):
        assert "apiVersion" not in state
        assert "kalypso:preview:Files" not in state


def test_a_changed_file_is_shown_with_its_old_and_new_text(story: Story) -> None:
    assert CHANGED in story.edited
    assert 'REGION                          : "By hand" => "West US"' in story.edited


def test_a_preview_counts_one_update_and_one_import_more_than_the_run(story: Story) -> None:
    for text in (story.edited, story.plain):
        assert "    ~ 2 to update\n    = 1 to import\n" in text
    assert "    ~ 1 updated\n" in story.planned


def test_a_plain_preview_has_one_line_for_all_files(story: Story) -> None:
    assert " ~  kalypso:preview:Files dev update [diff: ~files]\n" in story.plain
    assert "By hand" not in story.plain


def test_a_plan_without_files_is_kept_to_and_holds_no_text(story: Story) -> None:
    assert "opened pull request 2" in story.planned
    assert "apiVersion" not in story.plan


def test_names_that_the_engine_cannot_take_as_they_are_are_shown(story: Story) -> None:
    assert '- drone/a"b.yaml' in story.odd
    assert "- drone/back\\slash.yaml" in story.odd
    assert '- drone/both\\"of them' in story.odd
    assert "1 more file: 1 removed" in story.odd
    assert "- drone/new\\" in story.odd


def test_of_very_many_files_the_first_are_shown_and_the_rest_is_counted(story: Story) -> None:
    assert "- drone/many/0100.yaml" in story.many
    assert "drone/many/0300.yaml" not in story.many
    assert "4,804 more files: 4,804 removed" in story.many
    assert "`kalypso diff`" in story.many


def test_an_old_state_is_taken_over_without_printing_its_files(story: Story) -> None:
    assert "TEXT-OF-OLD" not in story.upgrade
    assert "large/app-" not in story.upgrade
    assert "- drone/many/0100.yaml" in story.upgrade
    assert "opened pull request 3" in story.upgraded
    assert "TEXT-OF-OLD" not in story.last
