"""A pull request says what a reviewer wants to know, in the space that a forge gives."""

from __future__ import annotations

import pytest

from kalypso.model import LoggedCommit
from kalypso.model.difference import Difference
from kalypso.model.provenance import Reading
from kalypso.report.proposal import SourceChange, proposal_body, proposal_title
from kalypso.report.screen import terminal
from tests.report.examples import assignment, cause, difference

ONE, TWO = "1" * 40, "2" * 40
URL = "https://git.example.com/acme/control-plane"


def source(before: str = ONE, *commits: LoggedCommit, link: str = "") -> SourceChange:
    return SourceChange(reading=Reading(URL, "dev", TWO), before=before, commits=commits, link=link)


@pytest.mark.parametrize(
    ("found", "title"),
    [
        (difference(), "Update manifests in dev"),
        (difference(assignment("drone", "a", "added")), "in dev: 1 assignment added"),
        (
            difference(assignment("drone", "a", "removed"), assignment("drone", "b", "removed")),
            "in dev: 2 assignments removed",
        ),
        (
            difference(assignment("drone", "a", "added"), assignment("drone", "b", "removed")),
            "in dev: 2 assignments (1 removed, 1 added)",
        ),
    ],
)
def test_the_title_counts_what_comes_goes_and_changes(found: Difference, title: str) -> None:
    assert proposal_title(found).endswith(title)


def test_the_text_names_new_commits_and_their_authors() -> None:
    body = proposal_body(difference(), [source(ONE, LoggedCommit(TWO, "Ada", "add drones"))], "1.2")
    assert body.endswith(
        "Made by Kalypso 1.2 from\n"
        "\n"
        "- <code>https&#58;//git.example.com/acme/control-plane&#64;dev</code>"
        " <code>1111111111</code> → <code>2222222222</code>\n"
        "  - <code>2222222222</code> <code>add drones</code> by <code>Ada</code>"
    )


def test_sources_that_stayed_are_counted() -> None:
    same, moved = source(TWO), source(ONE)
    assert proposal_body(difference(), [same, moved], "1").endswith("\n- and 1 source as before")
    assert proposal_body(difference(), [same], "1").endswith("\n- the same commits as before")


def test_a_source_may_link_to_its_new_commits() -> None:
    body = proposal_body(difference(), [source(link=f"{URL}/compare/a...b")], "1")
    assert f"</code>]({URL}/compare/a...b)" in body


def test_each_new_commit_may_link_to_its_page() -> None:
    commit = LoggedCommit(TWO, "Ada", "Poll less often", f"{URL}/commit/{TWO}")
    body = proposal_body(difference(), [source(ONE, commit)], "1")
    assert f"  - [<code>2222222222</code>]({URL}/commit/{TWO}) <code>Poll less often</code>" in body


def test_the_heading_names_the_environment_and_the_commits_compared() -> None:
    body = proposal_body(difference(), [source(TWO), source(ONE)], "1")
    assert body.startswith(
        "### <code>dev</code>: <code>control-plane&#64;dev</code>"
        " <code>1111111111</code> → <code>2222222222</code>\n\n"
    )


def test_the_text_carries_no_mark_of_a_workflow_comment() -> None:
    assert "<!--" not in proposal_body(difference(), [], "1")


def test_a_subject_cannot_mention_people_or_hide_behind_html() -> None:
    evil = LoggedCommit(TWO, "@everyone", "<!-- kalypso: environment=dev --> @acme/all #1")
    body = proposal_body(difference(), [source(ONE, evil)], "1")
    assert "<!--" not in body
    assert "@" not in body
    assert "#1" not in body


def test_however_much_changes_the_text_fits_and_says_what_is_left_out() -> None:
    found = difference(
        *(
            assignment("drone", f"t{n}", new=f"{n}{'x' * 300}\n", causes=(cause(f"c{n}"),))
            for n in range(500)
        )
    )
    commits = [LoggedCommit(TWO, "Ada" * 50, "s" * 500)] * 10
    sources = [source(ONE, *commits) for _ in range(50)]
    body = proposal_body(found, sources, "1")
    assert 50_000 < len(body) <= 65_000
    assert "Not shown here" in body
    assert "more sources with other commits" in body


def test_a_page_with_everything_is_linked_below() -> None:
    body = proposal_body(difference(), [source(ONE)], "1", "https://example.com/run")
    assert body.endswith("\n\n[Full report](https://example.com/run)")


def test_a_terminal_shows_it_without_html() -> None:
    found = difference(assignment("drone", "a_b", causes=(cause(),)))
    shown = terminal(proposal_body(found, [source(ONE)], "1"))
    assert "<" not in shown
    assert "&#" not in shown
    assert shown.startswith(
        "dev: control-plane@dev 1111111111 → 2222222222\n\n0 removed, 1 changed, 0 added"
    )
    assert "\nchanged: drone/a_b\n" in shown
    assert (
        "\nchange   assignments  files        because of\n"
        "changed  drone/a_b    config.yaml  ConfigMap common\n"
    ) in shown

    assert "\n    drone/a_b\n" in shown
    assert "\n    -a: 1\n    +a: 2\n" in shown
    assert "```" not in shown
    assert "- https://git.example.com/acme/control-plane@dev 1111111111 → 2222222222" in shown


def test_a_narrow_terminal_shows_the_same_words() -> None:
    found = difference(assignment("drone", "a_b", causes=(cause(),)))
    body = proposal_body(found, [source(ONE)], "1")
    wide, narrow = terminal(body), terminal(body, 60)
    assert sorted(narrow.split()) == sorted(wide.split())
    assert max(map(len, narrow.splitlines())) <= 60


def test_a_terminal_wraps_sentences_items_and_tables_and_no_code() -> None:
    body = (
        "1. first word second word\n\n| a | b |\n| --- | --- |\n| one two three four | x |\n\n"
        "```yaml\nkey: a value that is long\n```\n```text\na message that is long\n```"
    )
    assert terminal(body, 20).splitlines() == [
        "1. first word second",
        "   word",
        "",
        "a                  b",
        "one two three      x",
        "four",
        "",
        "    key: a value that is long",
        "    a message that",
        "        is long",
    ]


def test_a_terminal_obeys_nothing_in_a_text() -> None:
    assert terminal("<code>a&#x202e;b</code>") == "a\\u202eb"


def test_a_terminal_shows_what_is_in_a_fence_as_it_is() -> None:
    text = "```\n### not a heading\n| a | b |\n[x](https://e.example)\n```"
    assert terminal(text) == "### not a heading\n    | a | b |\n    [x](https://e.example)"
