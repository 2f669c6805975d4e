"""Asks gojsonschema what it says of some 180 schemas in each draft, and keeps its answers.

Run as ``make oracles``; it needs Go. The questions are written by hand, one schema with its values
a line.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.oracles.go_programs import built

HERE = Path(__file__).parent
QUESTIONS = HERE / "schema_questions.jsonl"
KEPT = HERE.parent / "scheduling" / "data" / "gojsonschema.jsonl"
DRAFTS = ("", "draft-04", "draft-06", "draft-07", "draft-05")
"""Drafts that a schema names; draft 5 never was one."""


def in_drafts(schema: Any) -> list[Any]:
    """Return a schema as it stands, and with the name of each draft."""
    if not isinstance(schema, dict):
        return [schema]
    names = [f"http://json-schema.org/{draft}/schema#" for draft in DRAFTS if draft]
    return [schema, *({"$schema": name, **schema} for name in names)]


def main() -> None:
    """Write a line for each schema in each draft: the schema, and what is said of its values."""
    lines = [json.loads(line) for line in QUESTIONS.read_text().splitlines()]
    asked = [
        {"schema": schema, "values": values}
        for line in lines
        for schema in in_drafts(line["schema"])
        for values in line["values"]
    ]
    with tempfile.TemporaryDirectory() as scratch:
        program = built(HERE / "schemas", Path(scratch))
        done = subprocess.run(
            [program], input=json.dumps(asked).encode(), capture_output=True, check=True
        )
    answers = json.loads(done.stdout)
    kept = [{**each, "said": said} for each, said in zip(asked, answers, strict=True)]
    KEPT.write_text("".join(f"{json.dumps(each)}\n" for each in kept))
    sys.stdout.write(f"{len(kept)} answers about schemas: {KEPT.name}\n")


if __name__ == "__main__":
    main()
