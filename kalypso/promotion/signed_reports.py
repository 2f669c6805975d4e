"""Reports as signed commits: what is said where nobody can sign in, carried by anybody.

    refs/kalypso/reports/prod/plant-3 -> a commit, signed for the cluster, whose message ends with

    Kalypso-Cluster: plant-3
    Kalypso-Environment: prod
    Kalypso-Commit: 5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f80
    Kalypso-State: healthy

The signature covers all of it and the time, so it does not matter who pushed it. Who pushes may
hold a newer report back, like any messenger, and can make no other one of it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

from kalypso.git import (
    NO_COMMIT,
    Access,
    Clone,
    GitFailed,
    RefUpdate,
    Signature,
    git,
    is_remote,
    is_signed_by,
    resolve,
    sign_commit,
    update_refs,
    write_commit,
)
from kalypso.promotion.record import Report, ReportState

_COMMITTER = re.compile(rb"(?m)^committer (?P<name>.*) <[^>\n]*> (?P<at>\d{1,12}) [+-]\d{4}$")
_TRAILER = re.compile(r"(?m)^Kalypso-(Cluster|Environment|Commit|State): (\S+)$")
_STATES = ("healthy", "failed")


class SignedReports:
    """The signed reports about one environment in the GitOps repository."""

    def __init__(
        self,
        repository: str,
        environment: str,
        access: Access | None = None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Name the repository; nothing is read yet."""
        self._repository, self._environment, self._clock = repository, environment, clock
        self._clone = Clone(repository, access or Access()) if is_remote(repository) else None

    def read(self, signers: Mapping[str, Sequence[str]]) -> tuple[Report, ...]:
        """Return the last report of each cluster that is signed for it, and says so whole.

        Args:
            signers: Public keys by name of a cluster.

        Raises:
            SourceError: The repository cannot be read.
        """
        found = []
        for cluster, keys in signers.items():
            commit = self._tip(cluster) if keys else None
            if commit is None:
                continue
            folder = self._clone.whole(commit) if self._clone else Path(self._repository)
            report = _report(folder, commit)
            about = (cluster, self._environment)
            if report and report[0] == about and is_signed_by(folder, commit, keys):
                found.append(report[1])
        return tuple(found)

    def write(self, report: Report, author: tuple[str, str]) -> None:
        """Sign a report as git's configuration says, and push it.

        Raises:
            DeliveryError: The report cannot be signed, or cannot be pushed.
            SourceError: The repository cannot be read.
        """
        old = self._tip(report.cluster)
        folder = self._clone.started() if self._clone else Path(self._repository)
        message = (
            f"{report.cluster} {report.state}\n\n{report.message}\n\n"
            f"Kalypso-Cluster: {report.cluster}\nKalypso-Environment: {self._environment}\n"
            f"Kalypso-Commit: {report.commit}\nKalypso-State: {report.state}\n"
        )
        signature = Signature(author[0], author[1], int(report.at))
        commit = write_commit(folder, parents=[], changes={}, message=message, signature=signature)
        update = RefUpdate(self._ref(report.cluster), old or NO_COMMIT, sign_commit(folder, commit))
        if self._clone:
            self._clone.push(update)
        else:
            update_refs(folder, [update])

    def _ref(self, cluster: str) -> str:
        return f"refs/kalypso/reports/{self._environment}/{cluster}"

    def _tip(self, cluster: str) -> str | None:
        ref = self._ref(cluster)
        if self._clone:
            return self._clone.remote.refs(ref).get(ref)
        return resolve(self._repository, ref)


def _report(repository: Path, commit: str) -> tuple[tuple[str, str], Report] | None:
    """Return what a commit says: cluster and environment, and the report; None if it is none."""
    try:
        raw = git("cat-file", "commit", commit, repository=repository)
    except GitFailed:
        return None
    head, _, body = raw.partition(b"\n\n")
    by = _COMMITTER.search(head)
    trailers = _TRAILER.findall(body.decode(errors="replace"))
    values = dict(trailers)
    if by is None or len(trailers) != len(values) or len(values) < 4:  # noqa: PLR2004 - one of each
        return None
    if values["State"] not in _STATES:
        return None
    subject, _, rest = body.decode(errors="replace").partition("\n\n")
    said = rest.partition("Kalypso-")[0].strip() if rest else subject
    report = Report(
        cluster=values["Cluster"],
        commit=values["Commit"],
        state=cast("ReportState", values["State"]),
        at=float(by["at"]),
        author=by["name"].decode(errors="replace"),
        message=said,
        signed=True,
    )
    return (values["Cluster"], values["Environment"]), report
