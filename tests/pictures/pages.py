"""Pull requests as a reader on GitHub sees them: their text as a page, in GitHub's manner."""

from __future__ import annotations

import re
from pathlib import Path

from markdown_it import MarkdownIt
from msgspec.structs import replace

from kalypso.errors import Position
from kalypso.model import Cause, Detail, Difference, LoggedCommit, Reading
from kalypso.report import Links, SourceChange, proposal_body, proposal_title
from tests.report.examples import assignment, cause, difference, first_delivery

_PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")
_ALERT = re.compile(r"<blockquote>\s*<p>\[!([A-Z]+)\]\s*")
_STYLE = Path(__file__).with_name("page.css")
_HOME = "https://github.com/acme"
_OLD, _NEW = "1f0e5d6c7b" * 4, "9a8b7c6d5e" * 4


def page(title: str, body: str) -> str:
    """Return a pull request as a page of HTML that needs nothing beside it."""
    shown = _ALERT.sub(lambda found: _alert(found[1]), _PARSER.render(body))
    escaped = _PARSER.renderInline(title)
    return (
        '<!doctype html>\n<meta charset="utf-8">\n'
        f"<title>{escaped}</title>\n<style>\n{_STYLE.read_text('utf-8')}</style>\n"
        f"<h1>{escaped}</h1>\n<main>\n{shown}</main>\n"
    )


def _alert(kind: str) -> str:
    return f'<blockquote class="{kind.lower()}"><p><strong>{kind.capitalize()}</strong></p><p>'


def pull_request(found: Difference) -> tuple[str, str]:
    """Return title and text of a pull request on GitHub about a difference."""
    commit = LoggedCommit(_NEW, "Ada", "Move the edge", f"{_HOME}/plane/commit/{_NEW}")
    source = SourceChange(
        reading=Reading(f"{_HOME}/plane", "dev", _NEW),
        before=_OLD,
        commits=(commit,),
        link=f"{_HOME}/plane/compare/{_OLD}...{_NEW}",
    )
    links = Links(
        cause=lambda each: f"{_HOME}/plane/blob/{_NEW}/{each.at.file}#L{each.at.line}",
        manifest=lambda path, _: f"{_HOME}/gitops/blob/{_NEW}/{path}",
    )
    return proposal_title(found), proposal_body(found, [source], "1.0", links=links)


def differences() -> dict[str, Difference]:
    """Return what is pictured: from one assignment to more than a comment can list."""
    region = cause("east-us-config", Detail("REGION", "East US", "East US 2"))
    renamed = replace(region, kind="ClusterType", name="drone", details=())
    one = difference(assignment("drone", "web", causes=(region,)))
    mixed = difference(
        *(assignment(f"type-{n}", "web", causes=(region,)) for n in range(12)),
        *(assignment(f"type-{n}", "old", "removed", causes=(renamed,)) for n in range(3)),
        *(assignment(f"type-{n}", "new", "added", causes=(_workload(n),)) for n in range(3)),
    )
    return {
        "one": one,
        "eighteen": replace(mixed, count_before=40, count_after=40),
        "four-hundred": _first(20, 20),
        "ten-thousand": _first(100, 100),
    }


def _first(workloads: int, clusters: int) -> Difference:
    number = workloads * clusters
    found = difference(*first_delivery(workloads, clusters))
    return replace(found, count_before=0, count_after=number)


def _workload(number: int) -> Cause:
    at = Position(f"workloads/new-{number}.yaml", 3, 1)
    return Cause(kind="Workload", name=f"new-{number}", change="added", at=at)
