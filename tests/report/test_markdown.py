"""The comment of a pull request fits, drops nothing silently, and shows text as text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec.structs import replace

from kalypso.errors import Position
from kalypso.model import LONGEST_COMMENT
from kalypso.model.difference import (
    AssignmentDifference,
    Cause,
    ChangeKind,
    Detail,
    Difference,
    FileDifference,
)
from kalypso.report.links import Links
from kalypso.report.markdown import diff_markdown
from tests.report.examples import assignment, cause, difference, first_delivery

PARSER = MarkdownIt("commonmark", {"linkify": False}).enable("table")


def missing(comment: str) -> str:
    """Return the line that says what is not shown; empty if everything is."""
    last = comment.rsplit("\n\n", maxsplit=1)[-1]
    return last if last.startswith("**Not shown here") else ""


def many(number: int, size: int = 400) -> Difference:
    """Make a difference in which every assignment changes in its own way."""
    return difference(
        *(
            assignment(
                "store", f"target-{n:04}", new=f"a: {n}{'x' * size}\n", causes=(cause(f"c{n}"),)
            )
            for n in range(number)
        )
    )


def test_a_comment_without_a_difference_says_what_was_compared() -> None:
    assert diff_markdown(difference()) == (
        "<!-- kalypso-diff:dev -->\n"
        "### <code>dev</code>: <code>HEAD</code> → <code>the model</code>\n\n"
        "**No difference**"
    )


def test_totals_then_each_cause_once_then_a_table_then_details_that_are_folded() -> None:
    found = difference(
        assignment("store", "web", causes=(cause("c"),)),
        assignment("hut", "web", causes=(cause("c"),)),
        assignment("store", "api", "removed", new="", causes=(cause("other"),)),
    )
    assert diff_markdown(found).startswith(
        """\
<!-- kalypso-diff:dev -->
> [!CAUTION]
> **1 assignment would be removed from <code>dev</code>.** With it goes its namespace, and \
everything in it: <code>store/api</code>

### <code>dev</code>: <code>HEAD</code> → <code>the model</code>

**1 removed, 2 changed, 0 added**: 10 assignments before, 10 afterwards, 3 files.
Touches 3 of 10 assignments that run (30 %), on 2 cluster types: \
<code>store</code> 2, <code>hut</code> 1.

- <code>ConfigMap c</code> changed in <code>dev/c.yaml:7</code>: 2 assignments
  - <code>KEY: old -&#62; new</code>
- <code>ConfigMap other</code> changed in <code>dev/other.yaml:7</code>: 1 assignment
  - <code>KEY: old -&#62; new</code>

| change | assignments | files | because of |
| --- | --- | --- | --- |
| removed | <code>store/api</code> |  | <code>ConfigMap other</code> |
| changed | 2, such as <code>hut/web</code> | <code>config.yaml</code> | <code>ConfigMap c</code> |

<details><summary>removed: <code>store/api</code></summary>

```
store/api
```

</details>
"""
    )


def test_additions_are_told_apart_from_what_runs() -> None:
    found = difference(
        assignment("store", "web", "added", old=""), *(assignment(f"c{n}", "a") for n in range(9))
    )
    touches, adds = diff_markdown(found).splitlines()[4:6]
    assert touches.startswith("Touches 9 of 10 assignments that run (90 %), on 9 cluster types: ")
    assert touches.endswith("<code>c7</code> 1, 1 more.")
    assert adds == "Adds 1, on 1 cluster type: <code>store</code> 1."


@pytest.mark.parametrize(
    ("running", "share"), [(2, "50 %"), (3, "33 %"), (100, "1 %"), (101, "less than 1 %")]
)
def test_the_share_of_what_runs_is_never_rounded_up(running: int, share: str) -> None:
    found = replace(difference(assignment("store", "web")), count_before=running)
    assert f"Touches 1 of {running} assignments that run ({share})" in diff_markdown(found)


def test_a_first_delivery_touches_nothing_that_runs() -> None:
    found = replace(difference(assignment("store", "web", "added", old="")), count_before=0)
    comment = diff_markdown(found)
    assert "Touches" not in comment
    assert "Adds 1, on 1 cluster type" in comment


def test_of_a_difference_without_assignments_no_reach_is_told() -> None:
    other = (FileDifference("README.md", "added", new="a\n"),)
    comment = diff_markdown(difference(other=other))
    assert "Touches" not in comment
    assert "Adds" not in comment


MANIFEST = "kind: Kustomization\nmetadata:\n  name: {name}\nspec:\n  interval: {interval}\n"


def flux(
    cluster_type: str, target: str, *causes: Cause, stem: str = "reconciler"
) -> AssignmentDifference:
    """Change an assignment by the template of its reconciler, and by other objects."""
    template = Cause(
        kind="Template",
        name="flux",
        change="changed",
        at=Position("plane@main:templates/flux.yaml", 9),
        details=(Detail("manifest 1"),),
        stems=(stem,),
    )
    old, new = (MANIFEST.format(name=target, interval=each) for each in ("10m", "15m"))
    files = (
        FileDifference(f"{cluster_type}/{target}/config.yaml", "changed", "A: 1\n", "A: 2\n"),
        FileDifference(f"{cluster_type}/{target}/reconciler.yaml", "changed", old, new),
    )
    return AssignmentDifference(
        cluster_type=cluster_type,
        target=target,
        kind="changed",
        files=files,
        causes=(*causes, template),
        names=(target, cluster_type),
    )


def test_a_template_that_cuts_across_is_reported_once_with_what_it_does_everywhere() -> None:
    found = difference(
        *(flux(f"type-{n}", "web", cause(f"region-{n}")) for n in range(3)),
        flux("store", "api"),
    )
    comment = diff_markdown(found)
    assert (
        "- <code>Template flux</code> changed in"
        " <code>plane&#64;main:templates/flux.yaml:9</code>: 4 assignments\n"
        "  - <code>spec.interval: 10m -&#62; 15m</code>\n- <code>ConfigMap region-0</code>"
    ) in comment
    assert comment.count("spec.interval") == 1


def test_what_a_config_map_changes_is_not_put_down_to_a_template() -> None:
    comment = diff_markdown(difference(flux("store", "api", cause("region"))))
    assert "A: 1 -&#62; 2" not in comment


def test_a_template_whose_manifests_have_no_change_in_common_says_which_manifest() -> None:
    comment = diff_markdown(difference(flux("store", "api", stem="namespace")))
    assert "  - <code>manifest 1</code>\n" in comment


def test_causes_link_to_their_pages_and_to_none_without_one() -> None:
    found = difference(assignment("store", "web", causes=(cause("a"), cause("b"))))
    pages = {"a": "https://github.com/acme/plane/blob/0a1b/a.yaml#L7"}
    comment = diff_markdown(found, links=Links(cause=lambda cause: pages.get(cause.name, "")))
    assert (
        "changed in [<code>dev/a.yaml:7</code>](https://github.com/acme/plane/blob/0a1b/a.yaml#L7):"
        in comment
    )
    assert "changed in <code>dev/b.yaml:7</code>: 1 assignment" in comment


HOME = "https://github.com/acme/gitops/blob"


def page_of(path: str, kind: ChangeKind) -> str:
    return f"{HOME}/{'0a1b' if kind == 'removed' else '2c3d'}/{path}"


MANIFESTS = Links(manifest=page_of)


def rows_of(comment: str) -> list[str]:
    return [line for line in comment.splitlines() if line.startswith("| ")][2:]


def test_the_table_links_to_changed_files_and_to_folders_that_come_or_go() -> None:
    found = difference(
        assignment("store", "web"),
        assignment("store", "new", "added"),
        assignment("store", "old", "removed"),
    )
    rows = [row.split(" | ")[1:3] for row in rows_of(diff_markdown(found, links=MANIFESTS))]
    assert rows == [
        [f"[<code>store/old</code>]({HOME}/0a1b/store/old)", ""],
        [
            "<code>store/web</code>",
            f"[<code>config.yaml</code>]({HOME}/2c3d/store/web/config.yaml)",
        ],
        [f"[<code>store/new</code>]({HOME}/2c3d/store/new)", ""],
    ]


def test_a_file_that_goes_from_an_assignment_that_stays_links_to_what_it_was() -> None:
    both = assignment("store", "web")
    gone = replace(both, files=(FileDifference("store/web/quota.yaml", "removed", "a: 1\n"),))
    (row,) = rows_of(diff_markdown(difference(gone), links=MANIFESTS))
    assert f"[<code>quota.yaml</code>]({HOME}/0a1b/store/web/quota.yaml)" in row


def test_a_table_that_has_no_room_for_links_is_without_them_and_leaves_out_no_row() -> None:
    found = difference(*(assignment(f"type-{n}", "web", new=f"a: {n + 2}\n") for n in range(60)))
    plain, with_links = diff_markdown(found, 12_000), diff_markdown(found, 12_000, links=MANIFESTS)
    assert "](" not in with_links
    assert rows_of(with_links) == rows_of(plain)
    assert len(rows_of(plain)) > 20


def test_causes_that_the_list_leaves_out_are_in_the_details() -> None:
    found = difference(*(assignment(f"t{n}", "web", causes=(cause(f"c{n}"),)) for n in range(12)))
    comment = diff_markdown(found)
    above, _, below = comment.partition("| change |")
    assert "- and 4 more objects, see below" in above
    assert above.count("- <code>ConfigMap") == 8
    assert below.count("- <code>ConfigMap") == 4


def test_removals_come_first_then_the_changes_that_reach_most() -> None:
    found = difference(
        assignment("a", "one", new="a: 9\n"),
        assignment("b", "two"),
        assignment("c", "two"),
        assignment("d", "new", "added", old=""),
        assignment("e", "gone", "removed", new=""),
    )
    rows = [line for line in diff_markdown(found).splitlines() if line.startswith("| ")][2:]
    assert [row.split(" | ")[:2] for row in rows] == [
        ["| removed", "<code>e/gone</code>"],
        ["| changed", "2, such as <code>b/two</code>"],
        ["| changed", "<code>a/one</code>"],
        ["| added", "<code>d/new</code>"],
    ]


@pytest.mark.parametrize("number", [10, 300, 3000])
def test_no_comment_is_longer_than_a_comment_may_be(number: int) -> None:
    assert len(diff_markdown(many(number))) <= LONGEST_COMMENT


def test_what_does_not_fit_is_counted_and_named() -> None:
    comment = diff_markdown(many(3000))
    rows = sum(line.startswith("| changed") for line in comment.splitlines())
    blocks = comment.count("<details>")
    assert 0 < rows < 3000
    assert 0 < blocks < 3000
    assert missing(comment) == (
        "**Not shown here, since a comment ends somewhere:**"
        f" {3000 - rows:,} rows of the table, about {3000 - rows:,} assignments;"
        f" details of {3000 - blocks:,} groups, about {3000 - blocks:,} assignments."
    )


def test_what_fits_is_followed_by_no_excuse() -> None:
    assert missing(diff_markdown(many(3))) == ""


def test_names_of_a_large_group_are_counted_where_the_list_ends() -> None:
    found = difference(*(assignment("store", f"t-{n:03}") for n in range(75)))
    assert "store/t-049\n… and 25 more\n```" in diff_markdown(found)


def test_lines_of_a_long_diff_are_counted_where_it_ends() -> None:
    new = "".join(f"line {n}\n" for n in range(200))
    comment = diff_markdown(difference(assignment("store", "web", old="", new=new)))
    assert "+line 76\n… and 123 more lines\n```" in comment


def test_characters_of_a_long_line_are_counted_where_it_ends() -> None:
    found = difference(assignment("store", "web", new="a" * 1000 + "\n"))
    assert f"+{'a' * 299}… (701 more characters)\n" in diff_markdown(found)


def test_causes_and_their_details_are_counted_where_the_list_ends() -> None:
    details = [Detail(f"KEY_{n}", "1", "2") for n in range(14)]
    causes = (cause("first", *details), *(cause(f"c{n}") for n in range(24)))
    comment = diff_markdown(difference(assignment("store", "web", causes=causes)))
    assert "  - and 4 more\n" in comment
    assert "\n- and 17 more objects, see below\n" in comment
    assert comment.count("- <code>ConfigMap ") == 25
    assert ", <code>ConfigMap c1</code> and 22 more |" in comment


def test_files_of_no_assignment_are_there_too() -> None:
    other = (FileDifference(".github/tracking/Promoted_Commit_Id", "changed", "aaa", "bbb"),)
    comment = diff_markdown(difference(other=other))
    assert "<details><summary>1 other file</summary>" in comment
    assert "changed .github/tracking/Promoted_Commit_Id\n" in comment
    assert "-aaa\n+bbb\n" in comment


def test_no_fence_can_be_closed_by_what_is_in_it() -> None:
    new = "```\n````\n<script>alert(1)</script>\n</details>\n"
    comment = diff_markdown(difference(assignment("store", "web", new=new)))
    assert "\n`````diff\n" in comment
    fences = [token for token in PARSER.parse(comment) if token.type == "fence"]
    assert any(
        "+````\n+<script>alert(1)</script>\n+</details>" in token.content for token in fences
    )
    assert not any("alert" in token.content for token in html_of(comment))


HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "|---|\n| x |",
    "`code` **bold** _it_ [link](https://evil.example) ![i](https://evil.example/i.png)",
    "@everyone #1 https://evil.example www.evil.example",
    "</code></details>",
    "\x1b[2J\u202eevil",
    "&lt;b&gt; &#60;",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_value_is_read_as_markup(text: str) -> None:
    found = difference(assignment("store", "web", causes=(cause("c", Detail(text, text, text)),)))
    comment = diff_markdown(found)
    assert not set(comment) & set("\x1b\u202e")
    inside = re.findall(r"<code>(.*?)</code>", comment)
    for piece in inside:
        assert not set(re.sub(r"&#\d+;", "", piece)) & set("<>|`*_[]()!@#&\\~\n"), piece
        assert "://" not in piece
        assert "www." not in piece
    tags = {tag for token in html_of(comment) for tag in re.findall(r"</?(\w+)", token.content)}
    assert tags <= {"code", "details", "summary"}


def html_of(comment: str) -> list[Token]:
    """Return what a reader of Markdown takes for HTML."""
    everything = [
        each for token in PARSER.parse(comment) for each in (token, *(token.children or ()))
    ]
    return [token for token in everything if token.type in ("html_block", "html_inline")]


NAMES = st.text("abc`|<>*_\n@", min_size=1, max_size=12)
CHANGES = st.builds(
    lambda cluster, target, kind, old, new, detail: assignment(
        cluster, target, kind, old=old, new=new, causes=(cause("c", Detail(detail, old, new)),)
    ),
    NAMES,
    NAMES,
    st.sampled_from(["added", "changed", "removed"]),
    st.text(max_size=200),
    st.text(max_size=200),
    NAMES,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(CHANGES, max_size=30, unique_by=lambda each: each.folder))
def test_any_difference_fits_in_the_least_room(found: list[AssignmentDifference]) -> None:
    comment = diff_markdown(difference(*found), longest=2_000)
    assert len(comment) <= 2_000
    assert comment.count("<details>") == comment.count("</details>")


def test_a_first_delivery_has_a_row_for_each_policy() -> None:
    text = diff_markdown(difference(*first_delivery(40, 20)))
    row = "| added | 400: 20 workloads on 20 cluster types |  |"
    row += " <code>SchedulingPolicy policy-0</code>"
    assert f"{row}, 20 <code>ClusterType</code>, 20 <code>Workload</code> |\n" in text
    assert text.count("| added |") == 2
