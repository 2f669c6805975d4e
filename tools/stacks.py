"""Driving the stacks: up, preview, destroy, and a summary of where things stand."""

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.console import Stop, ask, run, say, step
from tools.project import FORGE, LOGS, MADE, ROOT, STACKS, STATE, is_on_github, project_name
from tools.pushed_commits import confirm_loss

_QUIET = ("--non-interactive", "--suppress-progress", "--color", "never")
_NUMBER = re.compile(r"#(\d+) ")
_STEP = 25
"""Characters of the commands that are printed at the end, unless one is longer."""
_SHOWN = {"info", "info#err", "warning", "error"}


def up(env: Mapping[str, str]) -> None:
    """Bring every stack up, then say where things stand."""
    recover(env)
    changed = 0
    for stack in STACKS:
        step(f"pulumi up -s {stack}")
        ensure_stack(stack, env)
        changed += _apply("up", stack, env)
    say()
    if not changed:
        say("Nothing changed since the last run.")
        say()
    for line in summary(env):
        say(line)


def preview(env: Mapping[str, str]) -> None:
    """Show for every stack what `up` would do."""
    for stack in STACKS:
        step(f"pulumi preview -s {stack}")
        ensure_stack(stack, env)
        say(run(["pulumi", "preview", "-s", stack, "--diff", *_QUIET], what="preview", env=env,
                folder=ROOT))  # fmt: skip


def destroy(env: Mapping[str, str]) -> None:
    """Take every stack down, the last one first, and remove what it leaves."""
    confirm_loss(FORGE, sure=env.get("YES") == "1")
    recover(env)
    for stack in reversed(STACKS):
        if not _state_file(stack).exists():
            continue
        step(f"pulumi destroy -s {stack}")
        _apply("destroy", stack, env)
        remove = ["pulumi", "stack", "rm", stack, "--yes", "--preserve-config"]
        run(
            [*remove, "--non-interactive"], what=f"removing the stack {stack}", env=env, folder=ROOT
        )
        _forget_salt(stack)
    if FORGE.is_dir() and not any(FORGE.iterdir()):
        FORGE.rmdir()
    for folder in (STATE, LOGS):
        shutil.rmtree(folder, ignore_errors=True)
    STATE.mkdir(parents=True)  # `.kalypso/env` points at it: `pulumi stack init` goes on from here
    say()
    left = "" if not FORGE.exists() else f"; {FORGE.relative_to(ROOT)} has other repositories"
    archived = ", or archived on GitHub" if is_on_github() else ""
    say(f"Everything that the stacks made is gone{archived}{left}.")
    say(f"`make clean` removes the tools too ({MADE.name}/ and .venv/).")


def recover(env: Mapping[str, str]) -> None:
    """Put away what a killed run left."""
    text = run(["kalypso", "recover"], what="kalypso recover", env=env, folder=ROOT).strip()
    if text != "nothing to recover":
        step("kalypso recover: an earlier run was interrupted")
        for line in text.splitlines():
            say(f"    {line}")


def summary(env: Mapping[str, str]) -> Iterator[str]:
    """Say what is there: repositories, assignments, pull requests, and what to do next."""
    outputs = {stack: _outputs(stack, env) for stack in STACKS}
    made = [path for found in outputs.values() for path in found.get("repositories", {}).values()]
    yield "Repositories (clone them, commit, push):"
    yield from (f"  {_shown(path)}" for path in made)
    for stack, found in outputs.items():
        yield ""
        yield f"Assignments in {stack}:"
        for kind, targets in found.get("assignments", {}).items():
            shown = targets if isinstance(targets, int) else ", ".join(targets)
            yield f"  {kind:<16} {shown or '(none)'}"
    yield ""
    yield "Open pull requests:"
    places = _gitops(outputs.values())
    waiting = {place: _waiting(place, env) for place in places}
    for place, lines in waiting.items():
        if len(places) > 1:
            yield f"  {place}:"
        yield from (f"  {line}" for line in lines)
    yield ""
    yield from _next(waiting)


def _gitops(outputs: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the GitOps repositories as `--repository` takes them; nothing if it finds the one."""
    pages = dict.fromkeys(found["gitops"] for found in outputs if "gitops" in found)
    own = ("-app-gitops", "-svc-gitops")  # an application's, the services': see `is_gitops`
    local = [path.stem for path in sorted(FORGE.glob("*-gitops.git"))]
    several = [name for name in local if not name.endswith(own)]
    return [*pages] or (several if len(several) > 1 else [""])


def _next(waiting: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Say what to do next, about the oldest open pull request of each GitOps repository."""
    yield "Next:"
    yield "  source .venv/bin/activate && source .kalypso/env"
    only = next(iter(waiting)) if len(waiting) == 1 else ""
    if only:
        yield f"  export KALYPSO_REPOSITORY={only}"
    steps: list[tuple[str, str]] = []
    for place, lines in waiting.items():
        numbers = [int(found[1]) for line in lines if (found := _NUMBER.match(line))]
        there = "" if place == only else f" -r {place}"
        if numbers:
            steps += [
                (f"kalypso pr show {min(numbers)}{there}", "what a pull request brings"),
                (f"kalypso pr merge {min(numbers)}{there}", "let it reach the clusters"),
            ]
    steps += [
        ("pulumi preview -s dev", "what a change of the model would do"),
        ("docs/tutorial.md", "the whole walkthrough"),
    ]
    width = max(_STEP, *(len(command) for command, _ in steps))
    yield from (f"  {command:<{width}}  {about}" for command, about in steps)


def _waiting(address: str, env: Mapping[str, str]) -> list[str]:
    """List open pull requests, of the local forge or of a repository on GitHub."""
    where = ["--repository", address] if address else []
    listed = ask(["kalypso", "pr", "list", *where], env)
    if listed is None and "://" in address:  # the token is a setting of the stack, and not around
        return [f"{address}/pulls"]
    return (listed or "no open pull requests").splitlines()


def _shown(path: str) -> str:
    return path.removeprefix(f"{ROOT}/")


def _apply(command: str, stack: str, env: Mapping[str, str]) -> int:
    """Run `pulumi up` or `destroy`, print its messages, and return how much it changed."""
    LOGS.mkdir(parents=True, exist_ok=True)
    events, log = LOGS / f"{command}-{stack}.events", LOGS / f"{command}-{stack}.log"
    events.unlink(missing_ok=True)
    options: list[str | Path] = [
        "--yes",
        "--skip-preview",
        "--suppress-outputs",
        "--event-log",
        events,
        *_QUIET,
    ]
    with_events = {**env, "PULUMI_DEBUG_COMMANDS": "true"}  # which is what offers --event-log
    try:
        text = run(
            ["pulumi", command, "-s", stack, *options],
            what=f"pulumi {command} -s {stack}",
            env=with_events,
            folder=ROOT,
        )
    except Stop as error:
        text = "\n".join(f"    {line}" for line in _messages(events)) or str(error)
        raise Stop(f"pulumi {command} -s {stack} failed:\n{text}{_way_out(str(error))}") from None
    log.write_text(text)
    for line in _messages(events):
        say(f"    {line}")
    changes = _changes(events)
    counts = ", ".join(f"{number} {kind}" for kind, number in sorted(changes.items()))
    say(f"    {counts or 'nothing to do'}")
    return sum(number for kind, number in changes.items() if kind != "unchanged")


def _changes(events: Path) -> dict[str, int]:
    words = {"create": "created", "update": "updated", "delete": "deleted", "same": "unchanged"}
    changes: dict[str, int] = {}
    for event in _events(events):
        for kind, number in event.get("summaryEvent", {}).get("resourceChanges", {}).items():
            changes[words.get(kind, kind)] = number
    return changes


def _messages(events: Path) -> list[str]:
    found: list[str] = []
    for event in _events(events):
        diagnostic = event.get("diagnosticEvent", {})
        if diagnostic.get("severity") in _SHOWN and not diagnostic.get("ephemeral"):
            found += diagnostic["message"].strip().splitlines()
    return list(dict.fromkeys(found))


def _events(events: Path) -> Iterator[dict[str, Any]]:
    if events.exists():
        for line in events.read_text(errors="replace").splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                return  # a killed engine may leave half a line


def _way_out(output: str) -> str:
    if "currently locked" in output:
        return "\n    another run works on this stack; if it was killed: `kalypso recover`"
    if "failed to load checkpoint" in output:
        return "\n    the state is damaged: `kalypso recover` says what to do"
    return ""


def ensure_stack(stack: str, env: Mapping[str, str]) -> None:
    """Make a stack unless there is one."""
    if not _state_file(stack).exists():
        run(["pulumi", "stack", "init", stack, "--non-interactive"], what=f"making {stack}",
            env=env, folder=ROOT)  # fmt: skip


def _state_file(stack: str) -> Path:
    return STATE / ".pulumi" / "stacks" / project_name() / f"{stack}.json"


def _outputs(stack: str, env: Mapping[str, str]) -> dict[str, Any]:
    text = ask(["pulumi", "stack", "output", "--json", "-s", stack, "--cwd", ROOT], env)
    outputs: dict[str, Any] = json.loads(text) if text else {}
    return outputs


def _forget_salt(stack: str) -> None:
    """Take the salt of the passphrase out of the stack's file: it went with the stack."""
    file = ROOT / f"Pulumi.{stack}.yaml"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith("encryptionsalt:")))
