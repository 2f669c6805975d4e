"""Records are structs; a dataclass costs half a millisecond in each process that loads it."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOADED_FOR_HELP = {"kalypso/errors.py", "kalypso/source_lines.py"}
"""They may have dataclasses: a struct would load msgspec, which nothing else there needs."""
OF_DATACLASSES_ONLY = {"compare", "init", "repr"}


def dataclasses() -> Iterator[tuple[str, ast.ClassDef]]:
    """Give each dataclass of the program, with its file."""
    for room in ("kalypso", "components"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ClassDef) and "dataclass" in _decorators(node):
                    yield str(path.relative_to(ROOT)), node


def _decorators(node: ast.ClassDef) -> set[str]:
    return {ast.unparse(each).partition("(")[0] for each in node.decorator_list}


def _needs_one(node: ast.ClassDef) -> bool:
    calls = [each for each in ast.walk(node) if isinstance(each, ast.Call)]
    options = {keyword.arg for call in calls for keyword in call.keywords}
    return bool(options & OF_DATACLASSES_ONLY) or "GoObject" in map(ast.unparse, node.bases)


def test_what_a_struct_can_do_is_no_dataclass() -> None:
    idle = [
        f"{path}:{node.lineno}: {node.name}"
        for path, node in dataclasses()
        if path not in LOADED_FOR_HELP and not _needs_one(node)
    ]
    assert idle == []


def test_there_are_dataclasses_left_to_look_at() -> None:
    assert {node.name for _, node in dataclasses()} > {"Problem", "Credentials", "Time"}
