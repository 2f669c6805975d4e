"""Messages of the engine are told from content of the model, which it prints too."""

from __future__ import annotations

import pytest

from kalypso.report.engine_output import Refusal, errors_in, refusal_in, steps_in

# What pulumi 3.250.0 printed for a model that removes its only assignment.
REFUSED = """\
Previewing update (dev):
~ kalypso:index:GitOpsBranch: (refresh)
    [id=kalypso-gitops/dev]
    --outputs:--
  - pullRequest: 1
error: dev:1:1: this would remove the only assignment of 'dev' [too-many-removals]
  large (1): observability-prometheus
  hint: if exactly this is wanted, set limits.acknowledge to fc3e341f37c1
  pulumi:pulumi:Stack: (same)
    [urn=urn:pulumi:dev::kalypso::pulumi:pulumi:Stack::kalypso-dev]
Resources:
    1 unchanged
"""
# And for one with two files that cannot be read.
BROKEN = """\
Previewing update (dev):
error: control-plane@dev:a.yaml:2:1: this is not YAML [yaml-syntax]
error: control-plane@dev:b.yaml:2:1: the kind 'Policy' is not known [unknown-kind]
  hint: known kinds are Environment, Template
  pulumi:pulumi:Stack: (same)
    [urn=urn:pulumi:dev::kalypso::pulumi:pulumi:Stack::kalypso-dev]
Resources:
    1 unchanged
"""
CHANGED = """\
    ~ kalypso:index:GitOpsBranch: (update)
      ~ files: {
          ~ large/a/config.yaml: "a
            Resources:
                9 to update
            " => "b"
        }
Resources:
    ~ 1 to update
    +-2 to replace
    21 unchanged

"""


@pytest.mark.parametrize("twice", ["", "error: "])
def test_a_refusal_is_found_with_its_groups_and_digest(twice: str) -> None:
    """Versions before 0.2 said `error:` after the place too."""
    assert refusal_in(REFUSED.replace("1:1: this", f"1:1: {twice}this")) == Refusal(
        "the only assignment", ("large (1): observability-prometheus",), "fc3e341f37c1"
    )


def test_a_refusal_of_the_command_is_found_behind_warnings() -> None:
    text = (
        "a.yaml:1:1: warning: odd [odd]\n"
        "eu-1:1:1: error: this would remove 12 of 30 assignments of 'eu-1' [too-many-removals]\n"
        "  hut (5): a\n  store (7): b\n"
        "  hint: if exactly this is wanted, set limits.acknowledge to 000000000000\n"
    )
    found = Refusal("12 of 30 assignments", ("hut (5): a", "store (7): b"), "000000000000")
    assert refusal_in(text) == found


def test_a_refusal_that_was_cut_has_no_digest() -> None:
    assert refusal_in(REFUSED.partition("  hint")[0]) == Refusal(
        "the only assignment", ("large (1): observability-prometheus",), ""
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "error: this would remove all of them\n",
        # Indented: content of a file that changes.
        "   error: d:1:1: error: this would remove 9 of 9 assignments of 'd' [too-many-removals]\n",
        # Another problem, whose sentence quotes the model.
        "error: a:3:1: error: no name 'this would remove all 9 assignments of d' [name]\n",
    ],
)
def test_anything_else_is_no_refusal(text: str) -> None:
    assert refusal_in(text) is None


def test_every_error_is_told_without_what_the_engine_prints_around_it() -> None:
    assert errors_in(BROKEN) == (
        "control-plane@dev:a.yaml:2:1: this is not YAML [yaml-syntax]\n"
        "control-plane@dev:b.yaml:2:1: the kind 'Policy' is not known [unknown-kind]\n"
        "  hint: known kinds are Environment, Template"
    )


def test_of_a_failure_without_a_message_the_last_lines_are_told() -> None:
    text = "".join(f"line {number}\n" for number in range(50))
    assert errors_in(text).splitlines() == [f"line {number}" for number in range(30, 50)]


def test_steps_are_those_of_the_engine_and_not_of_a_file() -> None:
    assert steps_in(CHANGED) == "1 to update, 2 to replace, 21 unchanged"


@pytest.mark.parametrize("text", ["", "Resources:", "error: no\n", "\nResources:\nnothing\n"])
def test_an_output_without_steps_has_none(text: str) -> None:
    assert steps_in(text) == ""


SHOWN = """\
    ~ kalypso:index:GitOpsBranch: (update)
        = kalypso:preview:Files: (import)
        ~ kalypso:preview:Files: (update)
          ~ files: {
            }
Resources:
    ~ {number} to update
    = 1 to import
    {total} changes. 21 unchanged
"""


@pytest.mark.parametrize(("number", "steps"), [(2, "1 to update"), (3, "2 to update"), (1, "")])
def test_what_only_a_preview_shows_is_not_counted(number: int, steps: str) -> None:
    text = SHOWN.replace("{number}", str(number)).replace("{total}", str(number + 1))
    assert steps_in(text) == steps


def test_a_sum_of_steps_is_no_step() -> None:
    text = SHOWN.replace("{number}", "1").replace("{total} changes. 21 unchanged", "24 changes")
    assert steps_in(text.replace("    ~ 1 to", "    + 22 to create\n    ~ 1 to")) == "22 to create"


def test_the_same_without_differences_is_counted_the_same_way() -> None:
    text = """\
 ~  kalypso:index:GitOpsBranch dev update [diff: ~tree]
 =  kalypso:preview:Files dev import 
 ~  kalypso:preview:Files dev update [diff: ~files]
Resources:
    ~ 2 to update
    = 1 to import
    3 changes. 1 unchanged
"""  # noqa: W291 - as the engine prints it
    assert steps_in(text) == "1 to update"


def test_content_that_names_the_type_changes_no_count() -> None:
    text = "          + a: ~ kalypso:preview:Files: (update)\nResources:\n    ~ 2 to update\n"
    assert steps_in(text) == "2 to update"
