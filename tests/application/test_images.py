"""Images of containers in rendered manifests."""

from __future__ import annotations

import pytest

from kalypso.application.images import chosen_images, images_in, parse_image, with_images
from kalypso.errors import KalypsoError, Position
from tests.application.bench import DIGEST, deployment

AT = Position("workload.yaml", 3)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("shop", ("shop", "", "")),
        ("shop:1.2", ("shop", "1.2", "")),
        ("localhost:5000/shop", ("localhost:5000/shop", "", "")),
        ("localhost:5000/a/shop:2", ("localhost:5000/a/shop", "2", "")),
        (f"ghcr.io/acme/shop:2@{DIGEST}", ("ghcr.io/acme/shop", "2", DIGEST)),
    ],
)
def test_reference_is_read_as_runtimes_read_it(text: str, parts: tuple[str, str, str]) -> None:
    image = parse_image(text)
    assert (image.repository, image.tag, image.digest) == parts
    assert str(image) == text


def test_image_is_replaced_where_it_is_written_and_nowhere_else() -> None:
    chosen = chosen_images([f"shop=ghcr.io/acme/shop@{DIGEST}"])
    text = deployment() + "---\n" + "apiVersion: v1\nkind: ConfigMap\ndata: {image: shop}\n"
    changed = with_images({"a.yaml": text}, chosen, "east", AT)["a.yaml"]
    assert changed == text.replace("image: shop:1", f'image: "ghcr.io/acme/shop@{DIGEST}"')


@pytest.mark.parametrize("written", ['"shop:1"', "'shop'", "shop:latest", "&a shop:1"])
def test_image_is_found_however_it_is_written(written: str) -> None:
    chosen = chosen_images([f"shop=x/shop@{DIGEST}"])
    changed = with_images({"a.yaml": deployment(written)}, chosen, "east", AT)
    assert [str(i) for i in images_in(changed)["a.yaml"]] == [f"x/shop@{DIGEST}"]


def test_containers_of_a_cron_job_and_those_that_start_first_are_found() -> None:
    text = (
        "spec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n"
        "          initContainers: [{name: a, image: first}]\n"
        "          containers: [{name: b, image: 'second:2'}]\n"
    )
    assert [str(i) for i in images_in({"a.yaml": text})["a.yaml"]] == ["first", "second:2"]


def test_name_that_no_container_has_is_refused_with_those_that_some_have() -> None:
    chosen = chosen_images([f"store=x/store@{DIGEST}"])
    with pytest.raises(KalypsoError) as caught:
        with_images({"a.yaml": deployment()}, chosen, "east", AT)
    assert str(caught.value) == (
        "workload.yaml:3:1: error: no container of 'east' uses the image 'store' [image-not-used]\n"
        "  hint: its manifests use shop: name one of them with --image"
    )


@pytest.mark.parametrize("given", ["x/shop:1", "x/shop", "x/shop@sha256:abc", f"x@md5:{'a' * 64}"])
def test_image_that_may_change_later_is_refused(given: str) -> None:
    with pytest.raises(KalypsoError) as caught:
        chosen_images([f"shop={given}"])
    assert "is not named by its digest, so it may change later [no-digest]" in str(caught.value)


@pytest.mark.parametrize("given", ["shop", "=x@y", f"shop=@{DIGEST}", f"shop=a b@{DIGEST}"])
def test_option_of_another_form_is_refused(given: str) -> None:
    with pytest.raises(KalypsoError) as caught:
        chosen_images([given])
    assert "is not of the form NAME=REPOSITORY@sha256:DIGEST [option]" in str(caught.value)


def test_manifest_that_is_not_yaml_is_told_with_its_line() -> None:
    with pytest.raises(KalypsoError) as caught:
        images_in({"a.yaml": "a: 1\nb: [\n"})
    assert str(caught.value).startswith("a.yaml:3:1: error: the manifest is not YAML")
    assert "[manifest-not-yaml]" in str(caught.value)
