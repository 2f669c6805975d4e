"""`GitOpsBranch`: the manifests of an environment, kept by at most one open pull request.

The truth is the branch, not the state: `diff` examines the repository, and `read` gives
back what is proposed there, or else what is merged. The environment branch itself is
never written. The manifests are in the object store of the repository, where the program has
put them: inputs and state name them by their ids.
"""

from kalypso.delivery import Proposal, Standing, Wording, deliver, examine, find_ours, withdraw
from kalypso.errors import DeliveryError, KalypsoError, SourceError
from kalypso.forge import Place, PullRequest, Repository, parse_author
from kalypso.git import Writer
from kalypso.stack import Manifests, ProviderConfiguration, read_kept_wording, staging_of

from ..resource_arguments import GitOpsBranchArgs
from .resource import Difference, Kind, Present, Report, changed_inputs, required_inputs
from .values import Properties, text

_INPUT_ONLY = (
    "tree", "manifests", "content", "totals", "title", "body", "trailers", "author", "sign",
)  # fmt: skip
"""Not kept a second time as outputs."""
_FORMER = "files"
"""The text of all files, which inputs held up to version 0.1."""
_SHOWN = ("tree", "parent")
"""What a difference names: the first of them that changed."""
_REPORTED_LATER = {"no-branch", "no-repository", "empty-repository", "manifests-gone"}
"""Errors that only `update` has to tell: `destroy` must work, also on another machine."""
_IDENTITY = ("folder", "github", "repository", "branch", "environment")


class GitOpsBranch:
    """Proposes the files of an environment to its branch."""

    inputs = required_inputs(GitOpsBranchArgs)

    def __init__(self, configuration: ProviderConfiguration | None = None) -> None:
        self._configuration = configuration or ProviderConfiguration()

    def create(self, inputs: Properties, report: Report) -> Present:
        """Deliver the files."""
        name = f"{text(inputs, 'repository')}/{text(inputs, 'branch')}"
        return Present(name, self._deliver(inputs, report), inputs)

    def read(self, resource_id: str, state: Properties, inputs: Properties) -> Present:
        """Return the tree of our open pull request, or else of the branch."""
        if not self._configuration.place(state).exists:
            return Present("")
        forge = self._forge(state)
        branch = forge.head(text(state, "branch"))
        if branch is None:  # an error for whoever wants to write, but not for `destroy`
            return Present(resource_id, state, inputs)
        tree, parent = branch.tree, branch.commit
        pull = _open_pull_request(forge, state)
        if pull:
            head = forge.head(pull.head)
            tree = head.tree if head else ""
            parent = head.parents[0] if head and len(head.parents) == 1 else ""
        number = pull.number if pull else None
        state = {**state, "parent": parent, "pullRequest": number}
        kept = {key: value for key, value in inputs.items() if key != _FORMER}
        return Present(resource_id, state, {**kept, "parent": parent, "tree": tree})

    def diff(self, state: Properties, old: Properties, inputs: Properties) -> Difference:
        """Compare the wanted files with the branch and with what is proposed."""
        replaces = changed_inputs(state, inputs, _IDENTITY)
        if replaces:
            return Difference(changed=True, replaces=replaces)
        if not text(inputs, "manifests"):  # of a former version: the engine asks backwards once
            return Difference(changed=False)
        moved = {key: Kind.CHANGED for key in _SHOWN if old.get(key) != inputs.get(key)}
        details = dict(list(moved.items())[:1])
        try:
            settled = examine(self._forge(inputs), self._proposal(inputs)).settled
        except KalypsoError as error:
            if error.problem.code not in _REPORTED_LATER:
                raise
            gone = not self._configuration.place(state).exists
            return Difference(bool(details) or gone, details)
        if settled:
            return Difference(changed=False)
        return Difference(changed=True, details=details or {"pullRequest": Kind.CHANGED})

    def update(self, state: Properties, inputs: Properties, report: Report) -> Properties:
        """Deliver the files."""
        del state
        return self._deliver(inputs, report)

    def delete(self, state: Properties) -> None:
        """Close our pull request and remove its head; the environment branch stays."""
        if not self._configuration.place(state).exists:
            return
        try:
            withdraw(self._forge(state), text(state, "environment"), text(state, "branch"))
        except DeliveryError as error:
            if error.problem.code != "foreign-head":  # then nothing of ours is there
                raise

    def _deliver(self, inputs: Properties, report: Report) -> Properties:
        forge = self._forge(inputs)
        wording = _wording(inputs) or self._kept_wording(forge, inputs)
        standing = deliver(forge, self._proposal(inputs, wording))
        message = _message(standing, self._configuration.place(inputs))
        if message:
            report(message)
        pull = standing.pull_request
        number = pull.number if pull and pull.state == "open" else None
        state = {key: value for key, value in inputs.items() if key not in _INPUT_ONLY}
        return {**state, "parent": standing.branch.commit, "pullRequest": number}

    def _proposal(self, inputs: Properties, wording: Wording | None = None) -> Proposal:
        return Proposal(
            environment=text(inputs, "environment"),
            branch=text(inputs, "branch"),
            tree=text(inputs, "manifests"),
            content=text(inputs, "content"),
            planner=self._manifests(inputs).lacking,
            parent=text(inputs, "parent"),
            whole=text(inputs, "tree"),
            wording=wording,
        )

    def _kept_wording(self, forge: Repository, inputs: Properties) -> Wording | None:
        """Return the words that the program has kept, if it has."""
        environment, tree = text(inputs, "environment"), text(inputs, "manifests")
        staging = self._manifests(inputs).staging
        try:
            found = forge.reading(
                text(inputs, "parent"), lambda folder: read_kept_wording(folder, environment, tree)
            )
        except SourceError:  # whoever delivers says what is wrong with the repository
            found = None
        return found or read_kept_wording(staging, environment, tree)

    def _manifests(self, inputs: Properties) -> Manifests:
        configuration = self._configuration
        return Manifests(staging_of(configuration.place(inputs), configuration.access()))

    def _forge(self, properties: Properties) -> Repository:
        configuration = self._configuration
        name, address = parse_author(text(properties, "author"))
        writer = Writer(name, address, signs=properties.get("sign") is True)
        return configuration.place(properties).repository(configuration.access(), writer)


def _wording(inputs: Properties) -> Wording | None:
    if not text(inputs, "title"):
        return None
    return Wording(
        parent=text(inputs, "parent"),
        title=text(inputs, "title"),
        body=text(inputs, "body"),
        trailers=text(inputs, "trailers"),
    )


def _open_pull_request(forge: Repository, state: Properties) -> PullRequest | None:
    try:
        own = find_ours(forge, text(state, "environment"), text(state, "branch"))
    except DeliveryError:  # told by `diff`, where it matters
        return None
    return own.open[0] if own.open else None


def _message(standing: Standing, destination: Place) -> str:
    number = standing.pull_request.number if standing.pull_request else 0
    look, repository = destination.look(number), destination.full_name
    return {
        "open": f"opened pull request {number} in {repository}; {look}",
        "replace": f"brought pull request {number} in {repository} up to date; {look}",
        "withdraw": f"nothing is left to propose in {repository}: closed what was open",
    }.get(standing.step, "")
