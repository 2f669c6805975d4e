"""Azure's resource manager in a folder: it keeps resources, and refuses as Azure does.

Several plugins may use the folder at once, as the engine starts one for each provider.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.standins import documents
from tests.standins.azure.answers import answered
from tests.standins.azure.kinds import Json

CORES = {"Standard_DS1_v2": 1, "Standard_B2s": 2, "Standard_D2s_v5": 2, "Standard_D8s_v5": 8}
_CREDENTIAL_SECONDS = 0.1
"""How long a credential takes: long enough for another one to come in between."""
_CONTAINERS = "/providers/microsoft.containerservice/managedclusters/"


class AzureError(Exception):
    """A refusal, as Azure words it."""

    def __init__(self, status: int, code: str, message: str, *, begun: bool = False) -> None:
        super().__init__(f'Status={status} Code="{code}" Message="{message}"')
        self.status, self.code, self.begun = status, code, begun
        self.answer: Json = {"error": {"code": code, "message": message}}


class QuotaError(AzureError):
    """A refusal of AKS before it begins, whose answer has no frame around it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(400, code, message)
        self.answer = {"code": code, "details": None, "message": message, "subcode": ""}


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one operation, or with several of its kind."""

    operation: str
    """`PUT`, `GET`, `DELETE` or `POST`."""
    ending: str
    """Of the id of the resource."""
    status: int = 500
    code: str = "InternalServerError"
    message: str = "Azure is not well"
    times: int = 1
    begun: bool = False
    """Whether the resource is there all the same, and not ready."""
    slow: float = 0.0
    """Seconds that it takes; it fails only if `status` says so."""


@dataclass(frozen=True)
class Account:
    """What whoever is signed in may do; nothing is known of an empty one."""

    subscriptions: tuple[str, ...]
    signed_in: bool = True
    sizes: Mapping[str, tuple[str, ...]] | None = None
    """Sizes of machines by location; None for all."""
    cores: int = 10
    """Quota of each location."""


class Azure:
    """The resource manager of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "resources").mkdir(parents=True, exist_ok=True)
        (folder / "faults").mkdir(exist_ok=True)

    # What tests say and ask.

    def allow(self, account: Account) -> None:
        documents.write(self._folder / "account.json", asdict(account))

    def plan(self, *faults: Fault) -> None:
        for number, fault in enumerate(faults):
            for time_ in range(fault.times):
                name = f"{time.monotonic_ns()}-{number}-{time_}.json"
                documents.write(self._folder / "faults" / name, asdict(fault))

    def keep(self, resource_id: str, body: Json) -> None:
        """Have a resource that somebody else made."""
        documents.write(self._file(resource_id), {"id": resource_id, **body})

    @property
    def resources(self) -> dict[str, Json]:
        """Every resource by its id."""
        found = documents.read_all(self._folder / "resources")
        return {each["id"]: each for each in found}

    @property
    def log(self) -> list[str]:
        """Every operation in order: method and the last two parts of the id."""
        file = self._folder / "log.txt"
        return file.read_text().splitlines() if file.exists() else []

    # What the plugin asks.

    def get(self, resource_id: str) -> Json | None:
        self._operate("GET", resource_id)
        kept = self._look(resource_id)
        return None if kept is None else answered(kept)

    def put(self, resource_id: str, body: Json) -> Json:
        """Make a resource or change it, and return the answer.

        Raises:
            AzureError: Azure refuses it.
        """
        fault = self._operate("PUT", resource_id)
        with self._one_credential(resource_id), documents.alone(self._folder / "lock"):
            return self._put(resource_id, body, fault)

    def _put(self, resource_id: str, body: Json, fault: Fault | None) -> Json:
        self._check_place(resource_id)
        present = self._look(resource_id)
        self._check_rules(resource_id, body, present)
        state = "Failed" if fault and fault.begun else "Succeeded"
        kept = {**body, "id": resource_id, "name": resource_id.rpartition("/")[2]}
        kept["properties"] = {**body.get("properties", {}), "provisioningState": state}
        if present is None or fault is None or fault.begun:
            documents.write(self._file(resource_id), kept)
        if fault and fault.begun:
            raise AzureError(fault.status, fault.code, fault.message, begun=True)
        return answered(kept)

    def delete(self, resource_id: str) -> None:
        """Remove a resource and everything inside it; nothing to remove is no error."""
        self._operate("DELETE", resource_id)
        for inside in self.resources:
            if f"{inside.lower()}/".startswith(f"{resource_id.lower()}/"):
                self._file(inside).unlink(missing_ok=True)

    def credentials(self, resource_id: str) -> str:
        """Return the kubeconfig of a cluster.

        Raises:
            AzureError: There is no such cluster.
        """
        self._operate("POST", resource_id)
        if self._look(resource_id) is None:
            raise _not_found(resource_id)
        name = resource_id.rpartition("/")[2]
        user = {"name": "clusterUser", "user": {"token": f"t0ken-of-{name}"}}
        server = {"name": name, "cluster": {"server": f"https://{name}.example.invalid"}}
        context = {"name": name, "context": {"cluster": name, "user": "clusterUser"}}
        return json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [server],
                "users": [user],
                "contexts": [context],
                "current-context": name,
            }
        )

    def _operate(self, method: str, resource_id: str) -> Fault | None:
        """Note an operation, and fail if that is planned; return a fault that begins it first."""
        with (self._folder / "log.txt").open("a") as log:
            log.write(f"{method} {'/'.join(resource_id.split('/')[-2:])}\n")
        account = self._account
        if not account.signed_in:
            raise AzureError(401, "ExpiredAuthenticationToken", "The access token has expired.")
        subscription = resource_id.split("/")[2]
        if subscription not in account.subscriptions:
            message = f"The subscription '{subscription}' could not be found."
            raise AzureError(404, "SubscriptionNotFound", message)
        fault = self._planned(method, resource_id)
        if fault is None:
            return None
        time.sleep(fault.slow)
        if fault.slow:
            return None
        if not fault.begun:
            raise AzureError(fault.status, fault.code, fault.message)
        return fault

    def _planned(self, method: str, resource_id: str) -> Fault | None:
        for file in sorted((self._folder / "faults").glob("*.json")):
            planned = documents.read(file)
            if planned is None:
                continue  # another plugin took it
            fault = Fault(**planned)
            if fault.operation == method and resource_id.lower().endswith(fault.ending.lower()):
                try:
                    file.unlink()
                except FileNotFoundError:
                    continue
                return fault
        return None

    @property
    def _account(self) -> Account:
        return Account(**documents.read(self._folder / "account.json"))

    def _look(self, resource_id: str) -> Json | None:
        found: Json | None = documents.read(self._file(resource_id))
        return found

    def _file(self, resource_id: str) -> Path:
        return self._folder / "resources" / f"{resource_id.lower().replace('/', '~')}.json"

    @contextmanager
    def _one_credential(self, resource_id: str) -> Iterator[None]:
        """Let one credential of an identity be written at a time.

        Raises:
            AzureError: Another one is being written.
        """
        identity, found, _ = resource_id.partition("/federatedIdentityCredentials/")
        if not found:
            yield
            return
        busy = self._folder / f"{identity.rpartition('/')[2]}.busy"
        try:
            busy.mkdir()
        except FileExistsError:
            message = (
                "Too many Federated Identity Credentials are written concurrently for the managed"
                f" identity '{identity}'. Concurrent Federated Identity Credentials writes under"
                " the same managed identity are not supported."
            )
            code = "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity"
            raise AzureError(409, code, message) from None
        try:
            time.sleep(_CREDENTIAL_SECONDS)
            yield
        finally:
            busy.rmdir()

    def _check_place(self, resource_id: str) -> None:
        parts = resource_id.split("/")
        if len(parts) > 5 and self._look("/".join(parts[:5])) is None:
            message = f"Resource group '{parts[4]}' could not be found."
            raise AzureError(404, "ResourceGroupNotFound", message)
        if len(parts) > 9 and self._look("/".join(parts[:9])) is None:
            raise _not_found("/".join(parts[:9]))

    def _check_rules(self, resource_id: str, body: Json, present: Json | None) -> None:
        """Refuse what Azure refuses although the body is well formed."""
        name = resource_id.rpartition("/")[2]
        if "/fluxconfigurations/" in resource_id.lower() and len(name) > 30:
            raise AzureError(400, "InvalidName", f"The name '{name}' is longer than 30 letters.")
        if "/roleassignments/" in resource_id.lower() and not body["properties"].get(
            "principalType"
        ):
            message = "Principal does not exist in the directory. Check that you have the correct"
            raise AzureError(400, "PrincipalNotFound", f"{message} principal ID.")
        for pool in _pools(resource_id, body):
            self._check_size(body["location"], pool)
        before = {pool["name"]: pool["vmSize"] for pool in _pools(resource_id, present or {})}
        for pool in _pools(resource_id, body):
            if before.get(pool["name"], pool["vmSize"]) != pool["vmSize"]:
                message = "Changing property 'properties.agentPoolProfiles.vmSize' is not allowed."
                raise AzureError(400, "PropertyChangeNotAllowed", message)
        if present is None and _pools(resource_id, body):
            self._check_quota(body["location"], _pools(resource_id, body))

    def _check_size(self, location: str, pool: Json) -> None:
        sizes = self._account.sizes
        if sizes is not None and pool["vmSize"] not in sizes.get(location, ()):
            message = (
                f"The VM size of {pool['vmSize']} is not allowed in your subscription in location"
                f" '{location}'."
            )
            raise AzureError(400, "BadRequest", message)

    def _check_quota(self, location: str, wanted: list[Json]) -> None:
        used = sum(
            CORES[pool["vmSize"]] * pool["count"]
            for resource_id, each in self.resources.items()
            for pool in _pools(resource_id, each)
            if each["location"] == location
        )
        asked = sum(CORES[pool["vmSize"]] * pool["count"] for pool in wanted)
        left = self._account.cores - used
        if asked > left:
            message = (
                f"Insufficient regional vcpu quota left for location {location}. left regional"
                f" vcpu quota {left}, requested quota {asked}."
            )
            raise QuotaError("ErrCode_InsufficientVCPUQuota", message)


def _pools(resource_id: str, body: Json) -> list[Json]:
    if _CONTAINERS not in resource_id.lower():
        return []
    return list(body.get("properties", {}).get("agentPoolProfiles", ()))


def _not_found(resource_id: str) -> AzureError:
    parts = resource_id.split("/")
    message = (
        f"The Resource '{'/'.join(parts[6:9])}' under resource group '{parts[4]}' was not found."
    )
    return AzureError(404, "ResourceNotFound", message)
