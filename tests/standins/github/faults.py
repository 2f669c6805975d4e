"""Calls that the stand-in GitHub got, and how it is told to answer some of them badly."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Call:
    """One request, as the log of the server keeps it."""

    number: int
    """Counted from 1 since the log was cleared."""
    method: str
    path: str
    """Without the query."""
    query: str = ""

    @property
    def writing(self) -> bool:
        """Whether it may change something; a token that is made changes nothing."""
        if "/api/v3/" in self.path:
            if self.path.endswith("/access_tokens"):
                return False
            return self.method != "GET"
        return self.method == "POST" and self.path.endswith("/git-receive-pack")

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A bad answer."""

    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = "Server Error"
    moment: Literal["before", "after"] = "before"
    """Whether the request is left undone, or is done and its answer lost."""
    cut: bool = False
    """The connection is dropped, where an answer would be."""
    cut_body: bool = False
    """The right answer ends in its middle; the moment is after it was done."""
    seconds: float = 0.0
    """How long nothing comes."""
    call: Callable[[], object] | None = None
    """Called before the answer, which waits for it: tests kill the client here."""


SECONDARY_LIMIT = Fault(
    status=403,
    headers={"Retry-After": "0"},
    message="You have exceeded a secondary rate limit. Please wait a few minutes before you try.",
)
BAD_CREDENTIALS = Fault(status=401, message="Bad credentials")
FORBIDDEN = Fault(status=403, message="Resource not accessible by personal access token")
NOT_FOUND = Fault(status=404, message="Not Found")
CONFLICT = Fault(status=409, message="Conflict")
INVALID = Fault(status=422, message="Validation Failed")
TOO_MANY = Fault(status=429, headers={"Retry-After": "0"}, message="Too many requests")
BROKEN = Fault(status=500)
UNAVAILABLE = Fault(status=503, message="Service unavailable")
CUT = Fault(cut=True)
CUT_AFTER = Fault(cut=True, moment="after")
HALF = Fault(status=200, moment="after", cut_body=True)
LOST = Fault(status=502, message="Bad gateway", moment="after")

Plan = Callable[[Call], Fault | None]


def at(number: int, fault: Fault, times: int = 1) -> Plan:
    """Answer badly at the n-th call and at as many after it as told."""
    return lambda call: fault if number <= call.number < number + times else None


def on(method: str, ending: str, fault: Fault, times: int = 1, *, well: int = 0) -> Plan:
    """Answer badly when a path ends so, as often as told, after some calls that go well."""
    seen = [0]

    def plan(call: Call) -> Fault | None:
        if call.method != method or not call.path.endswith(ending):
            return None
        seen[0] += 1
        return fault if well < seen[0] <= well + times else None

    return plan
