"""Reading a stack's settings: checked whole before anything happens, and told with their lines."""

import difflib
from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from kalypso.errors import Position, Problem, Problems
from kalypso.forge.github.place import DEFAULT_URL as GITHUB_URL
from kalypso.stack.grouped import ungrouped
from kalypso.stack.settings import Settings

NAMESPACE = "kalypso"


def known_keys() -> list[str]:
    """Return every key that a stack may set, sorted."""
    return sorted(field.alias or name for name, field in Settings.model_fields.items())


def parse_settings(
    config: Mapping[str, str], stack: str, lines: Mapping[str, int] | None = None
) -> Settings:
    """Read the settings of a stack.

    Args:
        config: All configuration of the stack, `namespace:key` to text or JSON text.
        stack: Name of the stack; the default of `environment`.
        lines: Where keys stand in the stack's file, for messages.

    Raises:
        Problems: Everything that is wrong with them.
    """
    values: dict[str, object] = {"environment": stack}
    ours = f"{NAMESPACE}:"
    values.update(
        ungrouped({k.removeprefix(ours): v for k, v in config.items() if k.startswith(ours)})
    )
    if values.get("forge") == "github":
        values.setdefault("forge.url", GITHUB_URL)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        wrong = [_problem(str(e["loc"][0]), e["msg"], e["type"]) for e in error.errors()]
        raise Problems(_placed(key, each, stack, lines or {}) for key, each in wrong) from None
    missing = [*_not_yet(settings), *_incomplete(settings)]
    if missing:
        raise Problems(_placed(key, each, stack, lines or {}) for key, each in missing)
    return settings


def key_lines(text: str) -> dict[str, int]:
    """Find in which line of a stack's file each of our keys stands."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        key = line.strip().strip("\"'").removeprefix(f"{NAMESPACE}:")
        if line.strip().strip("\"'").startswith(f"{NAMESPACE}:"):
            lines.setdefault(key.partition(":")[0].strip("\"' "), number)
    return lines


def _problem(key: str, message: str, kind: str) -> tuple[str, Problem]:
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(key, known_keys(), 1, 0.6)
        hint = f"did you mean {near[0]}?" if near else f"known keys: {', '.join(known_keys())}"
        told, code = f"there is no setting {key!r}", "unknown-setting"
    else:
        # A pattern says less to people than an example does.
        why = "" if kind == "string_pattern_mismatch" else f": {message[:1].lower()}{message[1:]}"
        told, code = f"the setting {key!r} is wrong{why}", "setting"
        hint = f"for example {_example(key)}; see docs/reference/settings.md"
    return key, Problem(code, told, Position(""), hint)


def _example(key: str) -> str:
    for name, field in Settings.model_fields.items():
        if key in {name, field.alias} and field.examples:
            return str(field.examples[0])
    return "the default, by leaving it out"


def _not_yet(settings: Settings) -> Iterator[tuple[str, Problem]]:
    for cluster in settings.clusters:
        provider = cluster.get("provider", "none")
        if provider != "none":
            message = f"clusters with provider {provider!r} are not in this version"
            hint = "leave clusters out: any cluster may reconcile its folder of the branch"
            yield "clusters", Problem("not-yet", message, Position(""), hint)


def _incomplete(settings: Settings) -> Iterator[tuple[str, Problem]]:
    if settings.forge == "github" and not (settings.github_owner or settings.control_plane):
        message = "the forge is GitHub, and nothing says where the control plane is"
        hint = "`pulumi config set github.owner NAME`, or repositories.control-plane with its URL"
        yield "forge", Problem("no-owner", message, Position(""), hint)
    if bool(settings.app_id) != bool(settings.app_key):
        has, lacks = ("id", "key") if settings.app_id else ("key", "id")
        message = f"github.app.{has} is set, and github.app.{lacks} is not"
        hint = "a GitHub App needs both: its number, and the text of its .pem file as a secret"
        yield f"github.app.{has}", Problem("github-app", message, Position(""), hint)
    if settings.app_id and settings.github_token:
        message = "both a token and a GitHub App are set"
        hint = "remove github.token, or github.app.id and github.app.key"
        yield "github.token", Problem("github-app", message, Position(""), hint)
    if settings.delivery == "repository-files" and settings.forge != "github":
        message = "delivery 'repository-files' is GitHub's: the embedded forge has pull requests"
        hint = "use delivery: pull-request, or set forge to github"
        yield "delivery", Problem("setting", message, Position(""), hint)


def _placed(key: str, problem: Problem, stack: str, lines: Mapping[str, int]) -> Problem:
    group = key.partition(".")[0]
    at = Position(f"Pulumi.{stack}.yaml", lines.get(key) or lines.get(group) or 1)
    return Problem(problem.code, problem.message, at, problem.hint)
