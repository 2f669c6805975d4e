"""The gate of one environment with everything around it: settings, Git, record and readers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import msgspec
from msgspec.structs import replace

from kalypso.errors import SettingsError
from kalypso.forge import Place
from kalypso.promotion import (
    Branch,
    CheckResult,
    Clock,
    Conditions,
    Evidence,
    Expected,
    ExpectedCluster,
    Ledger,
    Outcome,
    Reader,
    Record,
    Report,
    SignedReports,
    Verdict,
    claimed,
    delivered_by,
    judge,
    remembered,
    report_evidence,
    reported,
    started,
)
from kalypso.stack.clusters import Cluster
from kalypso.stack.hub_objects import kubeconfig_secret
from kalypso.stack.settings import Settings

ANYBODY = "*"


class Promoted(msgspec.Struct, frozen=True):
    """A commit of main, and the commit of an environment's branch that carries it."""

    main: str
    commit: str


class EnvironmentGate:
    """What commands ask about promotion in one environment."""

    def __init__(
        self,
        settings: Settings,
        environment: str,
        *,
        readers: Sequence[Reader] = (),
        checks: Callable[[Expected], Sequence[CheckResult]] = lambda _: (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Name the environment; nothing is read yet.

        Args:
            settings: Of the platform's stack: clusters, chain, conditions.
            environment: Whose gate it is.
            readers: Ways to ask clusters, besides reports in the record.
            checks: Asks the environment's own checks about what is waited for.
            clock: Seconds since 1970.

        Raises:
            SettingsError: The chain of environments does not have it.
        """
        self.settings, self.environment, self.clock = settings, environment, clock
        if environment not in self.chain:
            known = ", ".join(self.chain)
            raise SettingsError(
                f"there is no environment {environment}",
                hint=f"the setting environments has {known}",
                code="no-environment",
            )
        self._gitops = place_of(settings, "gitops")
        self._readers, self._checks = readers, checks
        control_plane = place_of(settings, "control-plane").git_address
        access = settings.access
        self.branch = Branch(self._gitops.git_address, environment, control_plane, access)
        self.ledger = Ledger(self._gitops.git_address, access, clock=clock)
        self.signed = SignedReports(self._gitops.git_address, environment, access)

    def of(self, environment: str) -> EnvironmentGate:
        """Return the gate of another environment, which is asked in the same ways."""
        return EnvironmentGate(self.settings, environment, readers=self._readers, clock=self.clock)

    @property
    def chain(self) -> tuple[str, ...]:
        """The environments in order."""
        return tuple(self.settings.environments) or (self.settings.environment,)

    @property
    def clusters(self) -> tuple[Cluster, ...]:
        """The clusters that get this environment's manifests."""
        return tuple(
            each
            for each in self.settings.clusters
            if each.role == "workload"
            and (each.environments is None or self.environment in each.environments)
        )

    @property
    def conditions(self) -> Conditions:
        """What the environment asks beyond healthy clusters."""
        found = self.settings.promotion.get(self.environment)
        return found.conditions if found else Conditions()

    def carrying(self, main: str) -> Promoted | None:
        """Return what carries a commit of main here; None if it has not been merged."""
        commit = self.branch.carrying(main)
        return Promoted(main, commit) if commit else None

    def current(self) -> Promoted | None:
        """Return what the branch carries now; None if nothing was promoted."""
        main = self.branch.promoted(self.branch.tip) if self.branch.tip else ""
        return self.carrying(main) if main else None

    def expected(self, promoted: Promoted) -> Expected:
        """Return what is waited for, as the model said at that commit and the settings say now."""
        files = self.branch.files(promoted.commit).files
        delivered = delivered_by(files, f"{self.environment}@{promoted.commit[:10]}")
        return Expected(
            environment=self.environment,
            repository=self._address,
            branch=self.environment,
            commit=promoted.commit,
            promoted=promoted.main,
            merged=float(self.branch.written(promoted.commit)),
            clusters=tuple(map(self._cluster, self.clusters)),
            assignments={name: tuple(sorted(its)) for name, its in delivered.items()},
            chain=self.chain,
        )

    def look(self, promoted: Promoted, *, worker: str, limit: float | None = None) -> Verdict:
        """Look once, and record what was found.

        While another run is at work on the gate, that one decides: this one only says so.

        Args:
            promoted: What is waited for.
            worker: What tells this run from others.
            limit: When waiting ends; without it, the run ends after this look.
        """
        expected, begin = self.expected(promoted), self.clock()

        def claim(record: Record) -> Record:
            begun = started(record, expected, begin)
            return claimed(begun, promoted.main, promoted.commit, worker, begin) or record

        message = f"gate: {expected.main_and_branch}"
        record = self.ledger.change(self.environment, claim, message)
        verdict, now = self._judge(expected, record, limit)
        gate = record.gate(promoted.main, promoted.commit)
        if gate is not None and gate.decision is None and gate.worker != worker:
            return _left_to_another(verdict)
        after = self.ledger.change(
            self.environment,
            lambda latest: remembered(latest, verdict, worker, now, goes=limit is None),
            f"{message}: {verdict.outcome.value}",
        )
        kept = after.gate(promoted.main, promoted.commit)
        if verdict.final and (kept is None or kept.decision is None):
            return _left_to_another(verdict)  # it took the gate over meanwhile
        return verdict

    def show(self, promoted: Promoted) -> Verdict:
        """Look once, and record nothing; a gate that passed is looked at like any other."""
        record = self.ledger.read(self.environment)
        gates = tuple(replace(gate, decision=None) for gate in record.gates)
        record = replace(record, gates=gates)
        return self._judge(self.expected(promoted), record, None)[0]

    def report(self, report: Report) -> None:
        """Record what is said about a cluster."""
        message = f"report: {report.cluster} {report.state} ({report.author})"
        self.ledger.change(self.environment, lambda record: reported(record, report), message)

    def _judge(
        self, expected: Expected, record: Record, limit: float | None
    ) -> tuple[Verdict, float]:
        """Return the verdict, and when it was reached: after everybody was asked."""
        gate = record.gate(expected.promoted, expected.commit)
        awaited = gate.expected if gate else expected
        evidence = self._evidence(awaited, record)
        applied = {each.commit for each in evidence if each.commit}
        reached = {commit for each in evidence for commit in each.reached}
        ancestry = self.branch.ancestry(
            expected.commit, expected.promoted, applied | reached, applied
        )
        checks = self._checks(expected)
        now = self.clock()
        clock, conditions = Clock(now, limit), self.conditions
        verdict = judge(
            expected, evidence, ancestry, record, clock, conditions=conditions, checks=checks
        )
        return verdict, now

    def _evidence(self, expected: Expected, record: Record) -> tuple[Evidence, ...]:
        found: list[Evidence] = []
        # What the record says of signatures is what anybody wrote there.
        unsigned = [replace(each, signed=False) for each in record.reports]
        signed = self.signed.read({each.name: each.signers for each in self.clusters})
        for cluster in expected.clusters:
            found += report_evidence((*unsigned, *signed), cluster, asked=self.clock())
        for reader in self._readers:
            found += reader.read(expected)
        return tuple(found)

    def _cluster(self, cluster: Cluster) -> ExpectedCluster:
        # Whoever can write the folder of the local forge can write anything there.
        anybody = [ANYBODY] if self._gitops.forge.here and not cluster.signers else []
        return ExpectedCluster(
            name=cluster.name,
            cluster_type=cluster.cluster_type,
            evidence=cluster.read_by,
            required=cluster.required,
            resource_id=self.settings.azure_id(cluster),
            hub=cluster.hub.context if cluster.hub else "",
            destinations=frozenset({cluster.name, kubeconfig_secret(cluster.name)}),
            statuses=frozenset(cluster.statuses),
            authors=frozenset(cluster.reporters or anybody),
        )

    @property
    def _address(self) -> str:
        return f"{self.settings.forge.home}/{self._gitops.full_name.rpartition('/')[2]}"


def _left_to_another(verdict: Verdict) -> Verdict:
    summary = "wait: another run is at work on this gate, and decides"
    return replace(verdict, outcome=Outcome.WAIT, final=False, deciding=False, summary=summary)


def place_of(settings: Settings, content: str) -> Place:
    """Return one of the platform's repositories.

    Raises:
        SettingsError: The repository is not on the stack's forge.
    """
    address = f"{settings.forge.home}/{settings.repository(content)}"
    if content == "control-plane":
        address = settings.control_plane_url
    place = settings.forge.place(address)
    if place is None:
        raise SettingsError(
            f"{address} is not a repository of {settings.forge.name}",
            hint="promotion needs the repositories of the stack's forge",
            code="no-repository",
        )
    return place
