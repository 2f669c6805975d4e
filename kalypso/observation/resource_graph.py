"""Azure Resource Graph: one query for a whole fleet, all pages or none, confirmed where it is old.

Resource Graph leaves out what the caller may not read, and lags behind without a bound. Rows only
say which configurations there are; one whose news is from before the merge is asked for by itself.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import urlencode

import msgspec

from kalypso.observation.cluster_state import OWN_CLOCKS, SECONDS, Clocks
from kalypso.observation.conversation import Reply, Unreachable
from kalypso.promotion import (
    Again,
    Evidence,
    Expected,
    Finding,
    after_refusal,
    azure_evidence,
    complete_rows,
    outside,
    read_time,
)

QUERY = (
    "kubernetesconfigurationresources "
    "| where type =~ 'microsoft.kubernetesconfiguration/fluxconfigurations' "
    "| project id, name, resourceGroup, subscriptionId, properties "
    "| order by id asc"
)
_GRAPH = "/providers/Microsoft.ResourceGraph/resources"
_GRAPH_VERSION, _ARM_VERSION = "2024-04-01", "2025-04-01"
_PAGE, _MOST_PAGES, _MOST_CONFIRMED = 1_000, 100, 100
_STARTS = 2
Rows = Sequence[Mapping[str, object]]


class Azure(Protocol):
    """Azure's management API."""

    def send(self, request: AzureRequest, token: str, seconds: float) -> Reply:
        """Send one request.

        Raises:
            Unreachable: No whole answer came within that time.
        """
        ...


class AzureRequest(msgspec.Struct, frozen=True):
    """What is asked of Azure."""

    path: str
    version: str
    body: Mapping[str, object] | None = None
    """Sent with POST; None for a GET."""
    query: str = ""
    """More of the query, already encoded."""

    @property
    def target(self) -> str:
        """Path and query."""
        more = f"&{self.query}" if self.query else ""
        return f"{self.path}?{urlencode({'api-version': self.version})}{more}"


class _Refused(Exception):
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.text)
        self.finding = finding


class AzureReader(msgspec.Struct, frozen=True):
    """Evidence of clusters from the Flux configurations that Azure keeps of them."""

    azure: Azure
    token: Callable[[], str]
    """Returns a token for the management API; called again when one has expired."""
    clocks: Clocks = OWN_CLOCKS
    jitter: Callable[[], float] = random.random

    def read(self, expected: Expected) -> tuple[Evidence, ...]:
        """Return evidence of every cluster that is read from Azure."""
        ids = {c.name: c.resource_id for c in expected.clusters if "azure" in c.evidence}
        if not ids:
            return ()
        talk = _Talk(self, self.clocks.steady() + SECONDS)
        try:
            rows = talk.rows(sorted({_subscription(each) for each in ids.values()}))
            rows = talk.confirmed(rows, ids.values(), expected.merged)
        except _Refused as refused:
            finding = refused.finding
        except Unreachable as error:
            finding = outside(f"unreachable: {error}")
        else:
            return azure_evidence(rows, expected, asked=self.clocks.wall())
        asked = self.clocks.wall()
        return tuple(
            Evidence(cluster=name, channel="azure", findings=(finding,), asked=asked)
            for name in ids
        )


class _Talk:
    """What is asked in one look; it ends at a fixed time."""

    def __init__(self, reader: AzureReader, ends: float) -> None:
        self._reader, self._clocks, self._ends = reader, reader.clocks, ends
        self._token = ""

    def rows(self, subscriptions: Sequence[str]) -> Rows:
        """Return all rows of the query.

        Raises:
            _Refused: Azure does not give them, or not all of them.
            Unreachable: Azure did not answer in time.
        """
        for start in range(1, _STARTS + 1):
            pages, headers = self._pages(subscriptions)
            found = complete_rows(pages, headers)
            if not isinstance(found, Finding):
                return found
            if start == _STARTS:
                raise _Refused(found)
        raise AssertionError("the last start has ended one way or the other")

    def confirmed(self, rows: Rows, ids: Iterable[str], merged: float) -> Rows:
        """Return rows in which those from before the merge are as Azure has them by now."""
        owners = tuple(f"{each.lower()}/" for each in ids)
        found: list[Mapping[str, object]] = []
        left = _MOST_CONFIRMED
        for row in rows:
            name = str(row.get("id", ""))
            if left and name.lower().startswith(owners) and _is_old(row, merged):
                left -= 1
                answer = self._confirmed(name)
                if answer is not None:
                    found.append({**row, "properties": answer})
            else:
                found.append(row)
        return found

    def _confirmed(self, name: str) -> object | None:
        """Return the properties of a configuration; None if it is gone."""
        reply = self._ask(AzureRequest(name, _ARM_VERSION), gone=True)
        if reply.status == HTTPStatus.NOT_FOUND:
            return None
        properties = _json(reply).get("properties")
        if not isinstance(properties, dict):
            raise _Refused(outside(f"cannot tell: Azure's answer to {name} has no properties"))
        return properties

    def _pages(
        self, subscriptions: Sequence[str]
    ) -> tuple[list[Mapping[str, object]], dict[str, str]]:
        pages: list[Mapping[str, object]] = []
        headers: dict[str, str] = {}
        token: object = None
        for _ in range(_MOST_PAGES):
            options: dict[str, object] = {"resultFormat": "objectArray", "$top": _PAGE}
            if token:
                options["$skipToken"] = token
            body = {"subscriptions": list(subscriptions), "query": QUERY, "options": options}
            reply = self._ask(AzureRequest(_GRAPH, _GRAPH_VERSION, body))
            pages.append(_json(reply))
            # What one page says of all of them must not be lost when another one says nothing.
            headers |= {k: v for k, v in reply.headers.items() if k.startswith("x-ms-tenant")}
            token = pages[-1].get("$skipToken")
            if not token:
                break
        return pages, headers

    def _ask(self, request: AzureRequest, *, gone: bool = False) -> Reply:
        renewed = False
        self._token = self._token or self._reader.token()
        while True:
            left = self._ends - self._clocks.steady()
            if left <= 0:
                raise Unreachable("Azure was too slow to answer everything that was asked")
            reply = self._reader.azure.send(request, self._token, min(left, 30.0))
            if reply.status == HTTPStatus.OK or (gone and reply.status == HTTPStatus.NOT_FOUND):
                return reply
            after = after_refusal(reply.status, reply.headers, renewed=renewed)
            if not isinstance(after, Again):
                raise _Refused(after)
            if after.new_token:
                renewed, self._token = True, self._reader.token()
            else:
                self._clocks.sleep(after.after + self._reader.jitter())
                self._ends -= 1.0  # a refusal that comes at once still comes to an end


def _json(reply: Reply) -> dict[str, Any]:
    try:
        found = json.loads(reply.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _Refused(outside("cannot tell: the answer of Azure is not a JSON object"))
    return found


def _is_old(row: Mapping[str, object], merged: float) -> bool:
    properties = row.get("properties")
    updated = properties.get("statusUpdatedAt") if isinstance(properties, dict) else None
    at = read_time(updated) if isinstance(updated, str) else None
    return at is None or at < merged


def _subscription(resource_id: str) -> str:
    parts = resource_id.strip("/").split("/")
    return parts[1] if len(parts) > 1 else ""
