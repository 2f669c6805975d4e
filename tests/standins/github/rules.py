"""Rulesets of the stand-in GitHub: kept as the REST calls set them, and asked about every push."""

import json
from collections.abc import Callable
from typing import Any

from tests.standins.github.answers import Json
from tests.standins.github.repository import CREATED, GitHubRepository, Refused

Answer = tuple[int, Json | list[Json] | None]
_RULES = frozenset({"creation", "update", "deletion", "non_fast_forward", "pull_request"})
_BY_PULL_REQUEST: Json = {
    "required_approving_review_count": 0, "dismiss_stale_reviews_on_push": False,
    "require_code_owner_review": False, "require_last_push_approval": False,
    "required_review_thread_resolution": False, "required_reviewers": [],
    "allowed_merge_methods": ["merge", "squash", "rebase"],
}  # fmt: skip
_HOOK = """\
#!/bin/sh
refuse() {{ echo "GH013: Repository rule violations found for $1." >&2; echo "- $2" >&2; exit 1; }}
none=0000000000000000000000000000000000000000
{cases}
exit 0
"""
_CASE = """\
if [ "$1" = refs/heads/{branch} ]; then
{checks}
fi
"""
_CHECKS = {
    "deletion": '[ "$3" = $none ] && refuse "$1" "Cannot delete this branch"',
    "non_fast_forward": (
        '[ "$2" = $none ] || [ "$3" = $none ] || git merge-base --is-ancestor "$2" "$3"'
        ' || refuse "$1" "Cannot force-push to this branch"'
    ),
    "pull_request": (
        '[ "$2" = $none ] || [ "$3" = $none ]'
        ' || refuse "$1" "Changes must be made through a pull request."'
    ),
}


class RuleRoutes:
    """Rulesets of repositories. Whoever pushes is nobody who could bypass them."""

    def __init__(self) -> None:
        self._rulesets: dict[str, dict[int, Json]] = {}
        self._issued = 0
        one = r"/rulesets/(\d+)"
        self.routes: list[tuple[str, str, Callable[..., Answer]]] = [
            ("POST", r"/rulesets", self._add),
            ("GET", one, self._get),
            ("PUT", one, self._set),
            ("DELETE", one, self._remove),
        ]

    def of(self, repository: GitHubRepository) -> list[Json]:
        """Return the rulesets of a repository, oldest first."""
        return list(self._all(repository).values())

    def forget(self, repository: GitHubRepository) -> None:
        """Let a person remove all of them."""
        self._all(repository).clear()
        self._apply(repository)

    def _all(self, repository: GitHubRepository) -> dict[int, Json]:
        return self._rulesets.setdefault(repository.full_name, {})

    def _add(self, repository: GitHubRepository, asked: Json) -> Answer:
        self._issued += 1
        return 201, self._keep(repository, self._issued, asked)

    def _get(self, repository: GitHubRepository, _: Json, number: str) -> Answer:
        return 200, self._one(repository, number)

    def _set(self, repository: GitHubRepository, asked: Json, number: str) -> Answer:
        self._one(repository, number)
        return 200, self._keep(repository, int(number), asked)

    def _remove(self, repository: GitHubRepository, _: Json, number: str) -> Answer:
        _ask_whether_it_can_be_written(repository)
        self._one(repository, number)
        del self._all(repository)[int(number)]
        self._apply(repository)
        return 204, None

    def _one(self, repository: GitHubRepository, number: str) -> Json:
        found = self._all(repository).get(int(number))
        if found is None:
            raise Refused(404, "Not Found")
        return found

    def _keep(self, repository: GitHubRepository, number: int, asked: Json) -> Json:
        _ask_whether_it_can_be_written(repository)
        others = [each for key, each in self._all(repository).items() if key != number]
        if any(each["name"] == asked["name"] for each in others):
            raise Refused(422, "Name must be unique")
        names = asked["conditions"]["ref_name"]
        if not all(each.startswith("refs/heads/") for each in names["include"]):
            raise Refused(422, "Invalid target patterns")
        kept = {
            "id": number, "name": asked["name"], "target": asked["target"],
            "source_type": "Repository", "source": repository.full_name,
            "enforcement": asked["enforcement"],
            "bypass_actors": [_actor(each) for each in asked["bypass_actors"]],
            "conditions": {"ref_name": names}, "rules": [_rule(each) for each in asked["rules"]],
            "node_id": f"RRS_{number}", "created_at": CREATED, "updated_at": CREATED,
        }  # fmt: skip
        self._all(repository)[number] = kept
        self._apply(repository)
        return kept

    def _apply(self, repository: GitHubRepository) -> None:
        """Have git ask about every push what the rulesets say."""
        cases = [
            _CASE.format(
                branch=name.removeprefix("refs/heads/"),
                checks="\n".join(f"  {_CHECKS[rule['type']]}" for rule in each["rules"]),
            )
            for each in self.of(repository)
            if each["enforcement"] == "active"
            for name in each["conditions"]["ref_name"]["include"]
        ]
        hook = repository.folder / "hooks" / "update"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(_HOOK.format(cases="".join(cases)))
        hook.chmod(0o755)


def _actor(asked: Json) -> Json:
    """Return an actor as GitHub shows it; the administrators of an organization have no number."""
    number = None if asked["actor_type"] == "OrganizationAdmin" else asked["actor_id"]
    return {"actor_id": number, "actor_type": asked["actor_type"],
            "bypass_mode": asked["bypass_mode"]}  # fmt: skip


def _rule(asked: Json) -> Json:
    if asked["type"] not in _RULES:
        raise Refused(422, f"Invalid rule '{asked['type']}': {json.dumps(asked)}")
    if asked["type"] != "pull_request":
        return {"type": asked["type"]}
    given: dict[str, Any] = asked["parameters"]
    if missing := sorted(_BY_PULL_REQUEST.keys() - {"required_reviewers"} - given.keys()):
        raise Refused(422, f"Invalid rule 'pull_request': missing {', '.join(missing)}")
    return {"type": "pull_request", "parameters": {**_BY_PULL_REQUEST, **given}}


def _ask_whether_it_can_be_written(repository: GitHubRepository) -> None:
    if repository.about["archived"]:
        raise Refused(403, "Repository was archived so is read-only.")
