"""What administrators of a repository set on the stand-in GitHub: deploy keys and environments."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.standins.github.answers import Answers, Json
from tests.standins.github.environment_secrets import SecretRoutes, Vault
from tests.standins.github.repository import CREATED, GitHubRepository, Refused

Answer = tuple[int, Json | list[Json] | None]
_KEY = re.compile(r"(ssh-ed25519|ssh-rsa|ecdsa-sha2-\w+) [A-Za-z0-9+/]+=*")


@dataclass(frozen=True)
class DeployKey:
    """A public key that opens one repository."""

    number: int
    repository: str
    title: str
    key: str
    """Without its comment, as GitHub keeps it."""
    read_only: bool


@dataclass
class Environment:
    """An environment of a repository, with the variables and the secrets of its jobs."""

    variables: dict[str, str] = field(default_factory=dict)
    vault: Vault = field(default_factory=Vault)


class AdminRoutes:
    """Deploy keys, and environments with their variables and secrets."""

    def __init__(self, answers: Answers) -> None:
        self._url = answers.url
        self.keys: dict[int, DeployKey] = {}
        """Of all repositories: a key opens one of them only."""
        self._issued = 0
        self._environments: dict[str, dict[str, Environment]] = {}
        one = r"/environments/([^/]+)"
        self.routes: list[tuple[str, str, Callable[..., Answer]]] = [
            ("GET", r"/keys", self._list_keys),
            ("POST", r"/keys", self._add_key),
            ("GET", r"/keys/(\d+)", self._get_key),
            ("DELETE", r"/keys/(\d+)", self._remove_key),
            ("PUT", one, self._set_environment),
            ("GET", one, self._get_environment),
            ("DELETE", one, self._remove_environment),
            ("POST", f"{one}/variables", self._add_variable),
            ("GET", f"{one}/variables/([^/]+)", self._get_variable),
            ("PATCH", f"{one}/variables/([^/]+)", self._edit_variable),
            ("DELETE", f"{one}/variables/([^/]+)", self._remove_variable),
            *SecretRoutes(lambda *where: self._environment(*where).vault).routes,
        ]

    def environments(self, repository: GitHubRepository) -> dict[str, Environment]:
        """Return the environments of a repository by their names."""
        return self._environments.setdefault(repository.full_name, {})

    def keys_of(self, repository: GitHubRepository) -> list[DeployKey]:
        """Return the keys that open a repository, oldest first."""
        return [key for key in self.keys.values() if key.repository == repository.full_name]

    def _list_keys(self, repository: GitHubRepository, _: Json) -> Answer:
        return 200, [self._shown_key(key) for key in self.keys_of(repository)]

    def _add_key(self, repository: GitHubRepository, asked: Json) -> Answer:
        _ask_whether_it_can_be_written(repository)
        found = _KEY.match(asked["key"])
        if found is None:
            told = "key is invalid. You must supply a key in OpenSSH public key format"
            raise Refused(422, told, "custom", "PublicKey")
        if any(key.key == found[0] for key in self.keys.values()):
            raise Refused(422, "key is already in use", "custom", "PublicKey")
        self._issued += 1
        made = DeployKey(
            self._issued,
            repository.full_name,
            asked.get("title", found[0]),
            found[0],
            asked.get("read_only", False),
        )
        self.keys[made.number] = made
        return 201, self._shown_key(made)

    def _get_key(self, repository: GitHubRepository, _: Json, number: str) -> Answer:
        return 200, self._shown_key(self._key(repository, number))

    def _remove_key(self, repository: GitHubRepository, _: Json, number: str) -> Answer:
        _ask_whether_it_can_be_written(repository)
        del self.keys[self._key(repository, number).number]
        return 204, None

    def _key(self, repository: GitHubRepository, number: str) -> DeployKey:
        found = self.keys.get(int(number))
        if found is None or found.repository != repository.full_name:
            raise Refused(404, "Not Found")
        return found

    def _shown_key(self, key: DeployKey) -> Json:
        return {
            "id": key.number, "key": key.key, "title": key.title, "read_only": key.read_only,
            "url": f"{self._url}/api/v3/repos/{key.repository}/keys/{key.number}",
            "verified": True, "created_at": CREATED, "added_by": "kalypso-bot", "last_used": None,
            "enabled": True,
        }  # fmt: skip

    def _set_environment(self, repository: GitHubRepository, _: Json, name: str) -> Answer:
        _ask_whether_it_can_be_written(repository)
        self.environments(repository).setdefault(name, Environment())
        return 200, self._shown_environment(repository, name)

    def _get_environment(self, repository: GitHubRepository, _: Json, name: str) -> Answer:
        self._environment(repository, name)
        return 200, self._shown_environment(repository, name)

    def _remove_environment(self, repository: GitHubRepository, _: Json, name: str) -> Answer:
        _ask_whether_it_can_be_written(repository)
        self._environment(repository, name)
        del self.environments(repository)[name]
        return 204, None

    def _add_variable(self, repository: GitHubRepository, asked: Json, name: str) -> Answer:
        variables = self._environment(repository, name).variables
        variable = asked["name"].upper()
        if variable in variables:
            raise Refused(409, "Already exists - Variable already exists")
        variables[variable] = asked["value"]
        return 201, {}

    def _get_variable(
        self, repository: GitHubRepository, _: Json, name: str, variable: str
    ) -> Answer:
        value = self._variables_with(repository, name, variable)[variable.upper()]
        return 200, {
            "name": variable.upper(), "value": value, "created_at": CREATED, "updated_at": CREATED,
        }  # fmt: skip

    def _edit_variable(
        self, repository: GitHubRepository, asked: Json, name: str, variable: str
    ) -> Answer:
        variables = self._variables_with(repository, name, variable)
        variables[variable.upper()] = asked["value"]
        return 204, None

    def _remove_variable(
        self, repository: GitHubRepository, _: Json, name: str, variable: str
    ) -> Answer:
        del self._variables_with(repository, name, variable)[variable.upper()]
        return 204, None

    def _variables_with(
        self, repository: GitHubRepository, name: str, variable: str
    ) -> dict[str, str]:
        """Return the variables of an environment, one of which has to be there."""
        variables = self._environment(repository, name).variables
        if variable.upper() not in variables:
            raise Refused(404, "Not Found")
        return variables

    def _environment(self, repository: GitHubRepository, name: str) -> Environment:
        found = self.environments(repository).get(name)
        if found is None:
            raise Refused(404, "Not Found")
        return found

    def _shown_environment(self, repository: GitHubRepository, name: str) -> Json:
        url = f"{self._url}/{repository.full_name}/environments/{name}"
        return {
            "id": 1, "node_id": "EN_1", "name": name, "url": url, "html_url": url,
            "created_at": CREATED, "updated_at": CREATED, "can_admins_bypass": True,
            "protection_rules": [], "deployment_branch_policy": None,
        }  # fmt: skip


def _ask_whether_it_can_be_written(repository: GitHubRepository) -> None:
    if repository.about["archived"]:
        raise Refused(403, "Repository was archived so is read-only.")
