"""What `kalypso app` prints about an application, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kalypso.application import Application, Planned, Proposed, images_in
from kalypso.delivery import without_mark
from kalypso.forge import Place, PullRequest
from kalypso.report import count, document, document_list, fitted_text, printable, terminal

_WOULD = {
    "nothing": "nothing to propose: {branch} has these manifests",
    "withdraw": "would close pull request {number} in {place}: {branch} has these manifests",
    "open": "would open a pull request in {place}",
    "replace": "would bring pull request {number} in {place} up to date",
    "keep": "pull request {number} in {place} is up to date; {look}",
    "stay-closed": "pull request {number} in {place} was closed by a person and would stay closed;"
    " {reopen} opens it again",
}
_DONE = _WOULD | {
    "withdraw": "closed pull request {number} in {place}: {branch} has these manifests",
    "open": "opened pull request {number} in {place}; {look}",
    "replace": "brought pull request {number} in {place} up to date; {look}",
    "merged": "merged pull request {number} into {branch}: {commit}",
    "stay-closed": "pull request {number} in {place} was closed by a person and stays closed;"
    " {reopen} opens it again",
}


def proposals_text(planned: Sequence[Planned], done: Sequence[Proposed], width: int = 0) -> str:
    """Return what was proposed, or what would be if nothing is done.

    Args:
        planned: What is wanted.
        done: What was done about it; empty for nothing.
        width: Characters of a line, as far as words allow; 0 for any number.
    """
    if done:
        sentences = (_sentence(each.planned, each.step, each.pull_request) for each in done)
        return fitted_text("\n".join(sentences), width)
    return "\n".join(line for each in planned for line in _ahead(each, width))


def _ahead(planned: Planned, width: int) -> Iterator[str]:
    standing = planned.standing
    yield fitted_text(_sentence(planned, standing.step, standing.pull_request, _WOULD), width)
    words = planned.proposal.wording
    if words and standing.step in {"open", "replace"}:
        yield ""
        yield fitted_text(printable(words.title), width)
        yield ""
        yield terminal(without_mark(words.body), width)


def _sentence(
    planned: Planned,
    step: str,
    pull: PullRequest | None,
    sentences: dict[str, str] = _DONE,
) -> str:
    place, number = planned.place, pull.number if pull else 0
    return sentences[step].format(
        branch=f"{place.full_name}@{planned.delivery.branch}",
        place=place.full_name,
        number=number,
        look=_look(place, number),
        reopen=f"`kalypso pr reopen {number} -r {place.full_name}`",
        commit=pull.merge_commit if pull else "",
    )


def _look(place: Place, number: int) -> str:
    if place.page:
        return place.look(number)
    return f"look at it with `kalypso pr show {number} -r {place.full_name}`"


def proposals_json(planned: Sequence[Planned], done: Sequence[Proposed]) -> str:
    """Return what was proposed, or what would be, as JSON."""
    opened = [_record(each.planned, each.step, each.pull_request) for each in done]
    wanted = [_record(e, e.standing.step, e.standing.pull_request) for e in planned]
    return document_list("Proposal", opened or wanted)


def _record(planned: Planned, step: str, pull: PullRequest | None) -> dict[str, object]:
    delivery = planned.delivery
    return {
        "workload": delivery.workload,
        "environment": delivery.environment,
        "repository": planned.place.full_name,
        "branch": delivery.branch,
        "step": step,
        "pullRequest": pull.number if pull else None,
        "mergeCommit": (pull.merge_commit or None) if pull else None,
        "source": delivery.record.source,
        "images": {name: str(image) for name, image in delivery.record.images.items()},
        "targets": [
            {
                "name": each.name,
                "images": [{"old": i.old or None, "new": i.new or None} for i in each.images],
                "values": [{"key": v.key, "old": v.old, "new": v.new} for v in each.values],
                "files": [{"path": f.path, "kind": f.kind} for f in each.files],
            }
            for each in planned.deployment.targets
        ],
    }


def rendered_text(application: Application) -> str:
    """Return a line for each target."""
    return "\n".join(
        f"{each.target.name}: {count(len(each.files), 'file')}, {each.way}"
        for each in application.rendered
    )


def rendered_json(application: Application) -> str:
    """Return targets with their files and images as JSON."""
    return document(
        "Rendering",
        {
            "environment": application.environment,
            "commit": application.source.commit or None,
            "targets": [
                {
                    "name": each.target.name,
                    "workload": each.target.workload,
                    "repository": each.target.folder.repository,
                    "branch": each.target.folder.branch,
                    "path": each.target.folder.path or ".",
                    "images": sorted(
                        {str(i) for found in images_in(each.files).values() for i in found}
                    ),
                    "files": dict(each.files),
                }
                for each in application.rendered
            ],
        },
    )
