"""How fast templates render: parsed before, and parsed each time, beside real Go.

Run as ``python benchmarks/template.py``. Go's figures need ``go`` and come from the program in
``benchmarks/go``, which renders the same templates with text/template and Sprig 2.22. The
fastest of several rounds counts. Exits with 1 if a figure misses its target.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import timeit
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kalypso.template import AnyMap, StringMap, Struct, Template, parse
from kalypso.template.engine import parse_anew

HERE: Final = Path(__file__).parent
DATA: Final = HERE / "templates" / "data.json"
ROUNDS: Final = 300
NANOSECONDS: Final = 1000


@dataclass(frozen=True, slots=True)
class Subject:
    """A template, and how long a rendering and its parsing may take, in microseconds."""

    name: str
    render_target: float
    parse_target: float = 400.0

    @property
    def path(self) -> Path:
        """The file that holds it."""
        return HERE / "templates" / f"{self.name}.yaml.tmpl"


SUBJECTS: Final = (Subject("flux", 8.0), Subject("deployment", 50.0))
FASTER_THAN_GO_EACH_TIME: Final = 4.0


def fastest(call: Callable[[], object], number: int) -> float:
    """Return the microseconds of one call in the fastest of many short rounds."""
    return min(timeit.repeat(call, number=number, repeat=ROUNDS)) / number * 1e6


def typed(value: Any) -> Any:  # noqa: ANN401 - data of any shape
    """Return the data as the scheduler hands them over: mappings as YAML makes them."""
    if isinstance(value, dict):
        return AnyMap((key, typed(item)) for key, item in value.items())
    return [typed(item) for item in value] if isinstance(value, list) else value


def root() -> Struct:
    """Return the root that templates see."""
    fields = json.loads(DATA.read_text(encoding="utf-8"))
    fields["Labels"] = StringMap(fields["Labels"])
    fields["Manifests"] = StringMap(fields["Manifests"])
    fields["ConfigData"] = {key: typed(item) for key, item in fields["ConfigData"].items()}
    return Struct(fields, "scheduler.dataType")


def go_figures() -> list[dict[str, Any]] | None:
    """Build the Go program, run it, and return what it measured; None without Go."""
    if shutil.which("go") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        program = str(Path(folder) / "benchmarks")
        subprocess.run(["go", "build", "-o", program, "."], cwd=HERE / "go", check=True)
        command = [program, str(DATA), *(str(subject.path) for subject in SUBJECTS)]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in lines.splitlines()]


def measure(subject: Subject, data: Struct, go: dict[str, Any] | None) -> list[str]:
    """Print the figures of one template; return the targets that they miss."""
    text = subject.path.read_text(encoding="utf-8")
    template: Template = parse(text, functions="sprig2")
    output = template.render(data)
    render = fastest(lambda: template.render(data), 40)
    anew = fastest(lambda: parse_anew(text, functions="sprig2").prepared(), 3)
    print(f"{subject.name} ({len(text.splitlines())} lines)")
    print(f"  kalypso, parsed before     {render:8.1f} us  (target {subject.render_target:.0f})")
    print(f"  kalypso, parse and compile {anew:8.1f} us  (target {subject.parse_target:.0f})")
    missed = [f"{subject.name}: rendering"] if render > subject.render_target else []
    missed += [f"{subject.name}: parsing"] if anew > subject.parse_target else []
    if go is None:
        return missed
    parsed, each_time = go["parsed"] / NANOSECONDS, go["each_time"] / NANOSECONDS
    ratio = each_time / render
    print(f"  Go, parsed before          {parsed:8.1f} us  (kalypso takes {render / parsed:.2f})")
    print(
        f"  Go, parsed each time       {each_time:8.1f} us  (kalypso is {ratio:.1f} times faster)"
    )
    missed += [f"{subject.name}: against Go"] if ratio < FASTER_THAN_GO_EACH_TIME else []
    return missed + ([f"{subject.name}: other output than Go"] if go["output"] != output else [])


def main() -> int:
    """Measure all templates."""
    go = go_figures()
    data = root()
    missed: list[str] = []
    for position, subject in enumerate(SUBJECTS):
        missed += measure(subject, data, go[position] if go else None)
    if go is None:
        print("no Go here: nothing to compare with")
    for target in missed:
        print(f"missed: {target}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
