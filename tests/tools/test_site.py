"""What the site is built of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.site import collect

if TYPE_CHECKING:
    from pathlib import Path


def test_documents_and_what_they_link_to_are_taken_and_nothing_else(tmp_path: Path) -> None:
    root, site = tmp_path / "clone", tmp_path / "site"
    texts = {
        "README.md": "[a](docs/a.md#b) [code](tests/test_a.py) [folder](tests) [out](../secret)",
        "docs/a.md": "![picture](images/a.png) [home](../README.md) [no](nowhere.md) [web](https://a)",
        "docs/images/a.png": "picture",
        "docs/images/b.png": "no page shows it",
        "tests/test_a.py": "code",
        "tests/test_b.py": "no page links to it",
        "../secret": "outside",
    }
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (site / "docs").mkdir(parents=True)
    (site / "docs" / "gone.md").write_text("of an earlier run")
    collect(root, site)
    found = {str(path.relative_to(site)) for path in site.rglob("*") if path.is_file()}
    assert found == {"README.md", "docs/a.md", "docs/images/a.png", "tests/test_a.py"}
    assert (site / "docs" / "a.md").read_text() == texts["docs/a.md"]
