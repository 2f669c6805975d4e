"""How long it takes to evaluate a whole model, reading its files included.

Each model is evaluated in a process of its own. Beside it, in the same run, the same files are read
and parsed with PyYAML's C loader and nothing else is done: the ratio of the two says how much the
evaluation costs, whatever the machine.

Run it as ``python benchmarks/evaluate.py [S M L M16 X]``; M16 is M with 16 times as many config
maps, and X has a million assignments.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import yaml

from benchmarks.models import NAMED, write_model
from kalypso.evaluation import Request, evaluate
from kalypso.loading import ControlPlane, NamedRepositories, WithBase, read_folder
from kalypso.rendering import RenderSettings

SIZES = {**NAMED, "M16": replace(NAMED["M"], config_maps=NAMED["M"].config_maps * 16)}


def _evaluate(model: Path) -> int:
    request = Request(
        start=ControlPlane(environment="dev", source=read_folder(model / "env")),
        repositories=WithBase(
            NamedRepositories(folder=model / "workloads"), lambda: read_folder(model / "base")
        ),
        settings=RenderSettings(convention="operator"),
    )
    return len(evaluate(request).evaluation.assignments)


def _parse(model: Path) -> int:
    files = [path for path in model.rglob("*.yaml") if path.is_file()]
    for path in files:
        list(yaml.load_all(path.read_bytes(), yaml.CSafeLoader))
    return len(files)


def _child(what: str, model: Path) -> None:
    start = time.process_time()
    count = _evaluate(model) if what == "evaluate" else _parse(model)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    kib = usage.ru_maxrss // (1024 if sys.platform == "darwin" else 1)
    print(json.dumps({"count": count, "cpu": time.process_time() - start, "kib": kib}))


def _measure(what: str, model: Path) -> dict[str, float]:
    command = [sys.executable, __file__, f"--{what}", str(model)]
    best: dict[str, float] = {}
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found: dict[str, float] = json.loads(done.stdout)
        if not best or found["cpu"] < best["cpu"]:
            best = found
    return best


def main(names: list[str]) -> None:
    """Measure the models and print a table."""
    print("| model | assignments | evaluate, CPU s | memory, MiB | parse only, CPU s | ratio |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name in names or ["S", "M", "M16"]:
        with tempfile.TemporaryDirectory(prefix="kalypso-bench-") as folder:
            model = Path(folder)
            write_model(model, SIZES[name])
            ours, theirs = _measure("evaluate", model), _measure("parse", model)
        print(
            f"| {name} | {ours['count']:,} | {ours['cpu']:.2f} | {ours['kib'] / 1024:.0f}"
            f" | {theirs['cpu']:.2f} | {ours['cpu'] / theirs['cpu']:.1f} |"
        )


if __name__ == "__main__":
    if sys.argv[1:2] in (["--evaluate"], ["--parse"]):
        _child(sys.argv[1].removeprefix("--"), Path(sys.argv[2]))
    else:
        main(sys.argv[1:])
