"""What the reviewer of an application's pull request sees."""

from __future__ import annotations

from msgspec.structs import replace

from kalypso.model import FileDifference, LoggedCommit
from kalypso.report import (
    Deployment,
    ImageChange,
    TargetChange,
    ValueChange,
    deployment_body,
    deployment_title,
)

EAST = TargetChange(
    name="east",
    images=(ImageChange("shop:1", "shop:2"),),
    values=(ValueChange("replicas", "1", "2"), ValueChange("debug", None, "true")),
    files=(FileDifference("east/a.yaml", "changed", "a: 1\n", "a: 2\n"),),
)
WEST = TargetChange(name="west")
SHOP = Deployment(
    workload="shop",
    environment="dev",
    targets=(EAST, WEST),
    source="b" * 40,
    before="a" * 40,
    commits=(LoggedCommit("b" * 40, "Ada", "sell more"),),
)
BODY = """\
**<code>shop</code> in <code>dev</code>: 1 of 2 deployment targets changed**, 1 file.

| image before | image after | targets |
| --- | --- | --- |
| <code>shop:1</code> | <code>shop:2</code> | <code>east</code> |

Commits <code>aaaaaaaaaa</code> → <code>bbbbbbbbbb</code>:

- <code>bbbbbbbbbb</code> <code>sell more</code> by <code>Ada</code>

## <code>east</code>

| value | before | after |
| --- | --- | --- |
| <code>replicas</code> | <code>1</code> | <code>2</code> |
| <code>debug</code> | not set | <code>true</code> |

<details><summary>Manifests: 1 file</summary>

```diff
--- a/east/a.yaml
+++ b/east/a.yaml
@@ -1 +1 @@
-a: 1
+a: 2
```

</details>

Made by Kalypso 1.0 from <code>bbbbbbbbbb</code>."""


def test_body_shows_images_commits_values_and_manifests() -> None:
    assert deployment_body(SHOP, "1.0", 60_000) == BODY


def test_title_names_the_targets_that_change() -> None:
    assert deployment_title(SHOP) == "Deploy shop to dev: east"


def test_title_of_very_many_targets_counts_them() -> None:
    many = tuple(replace(EAST, name=f"target-{number}") for number in range(30))
    assert deployment_title(replace(SHOP, targets=many)) == "Deploy shop to dev: 30 targets"


def test_body_is_never_longer_than_the_forge_takes() -> None:
    text = "x: 1\n" * 300
    files = (FileDifference("a.yaml", "added", "", text),)
    many = tuple(replace(EAST, name=f"t{number}", files=files) for number in range(50))
    body = deployment_body(replace(SHOP, targets=many), "1.0", 10_000)
    assert len(body) <= 10_000
    assert "**Not shown here, for want of room:** " in body


def test_what_others_wrote_is_read_as_text() -> None:
    evil = LoggedCommit("c" * 40, "@everyone", "</code><script> [x](http://evil) | `")
    body = deployment_body(replace(SHOP, commits=(evil,)), "1.0", 60_000)
    assert "<script>" not in body
    assert "@everyone" not in body
    assert "](http" not in body


def test_delivery_that_nothing_is_known_of_says_so() -> None:
    body = deployment_body(replace(SHOP, before="", commits=()), "1.0", 60_000)
    assert "there is no record of a delivery before" in body


def test_commits_that_cannot_be_listed_are_not_passed_over() -> None:
    body = deployment_body(replace(SHOP, commits=()), "1.0", 60_000)
    assert "cannot be listed." in body
