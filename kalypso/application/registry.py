"""Whether an exact image is in its registry: asked before anything is proposed.

Source: the distribution specification of OCI, and Docker's token authentication.
"""

from __future__ import annotations

import base64
import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from kalypso.application.images import Image
from kalypso.errors import Collector, DeliveryError, KalypsoError, Position, SourceError
from kalypso.harmless_text import keep_secret

TOKEN = "KALYPSO_REGISTRY_TOKEN"  # noqa: S105 - the name of the variable
_SECONDS = 20.0
_LARGEST = 1 << 16
_KINDS = (
    "vnd.oci.image.index.v1",
    "vnd.oci.image.manifest.v1",
    "vnd.docker.distribution.manifest.list.v2",
    "vnd.docker.distribution.manifest.v2",
)
_ACCEPT = ", ".join(f"application/{kind}+json" for kind in _KINDS)
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')
_HUB, _HUB_HOST = "docker.io", "registry-1.docker.io"
_HERE = re.compile(r"(localhost|127\.0\.0\.1)(:\d+)?")


def check_images(images: Iterable[Image]) -> None:
    """Refuse images that their registries do not have.

    `KALYPSO_REGISTRY_TOKEN` may hold a token for registries that show images to nobody else.

    Raises:
        Problems: Each image that does not exist, and each registry that does not answer.
    """
    found = Collector()
    token = os.environ.get(TOKEN, "")
    keep_secret([token])
    for image in images:
        with found.catching():
            _check(image, token)
    found.raise_errors()


def _check(image: Image, token: str) -> None:
    host, name = _address(image)
    scheme = "http" if _HERE.fullmatch(host) else "https"
    url = f"{scheme}://{host}/v2/{name}/manifests/{image.digest}"
    status, headers = _head(url, {}, host)
    if status == HTTPStatus.UNAUTHORIZED:
        bearer = _bearer(headers.get("www-authenticate", ""), host, token)
        status, _ = _head(url, {"Authorization": f"Bearer {bearer}"} if bearer else {}, host)
    if status == HTTPStatus.OK:
        return
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise DeliveryError(
            f"the image {image} does not exist, or may not be seen from here",
            Position(host),
            f"push it first; a token for the registry may be in {TOKEN}",
            code="no-image",
        )
    raise _silent(host, f"it answers with {status}")


def _address(image: Image) -> tuple[str, str]:
    first, slash, rest = image.repository.partition("/")
    if not slash or not ("." in first or ":" in first or first == "localhost"):
        return _HUB_HOST, image.repository if slash else f"library/{image.repository}"
    return (_HUB_HOST if first == _HUB else first), rest


def _head(url: str, headers: Mapping[str, str], host: str) -> tuple[int, Mapping[str, str]]:
    request = urllib.request.Request(  # noqa: S310 - http and https only
        url, headers={"Accept": _ACCEPT, **headers}, method="HEAD"
    )
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - as above
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {k.lower(): v for k, v in error.headers.items()}
    except (OSError, ValueError) as error:
        raise _silent(host, str(getattr(error, "reason", error))) from None


def _bearer(challenge: str, host: str, token: str) -> str:
    """Return a token of the registry's own; the user's goes to the registry itself only."""
    fields = dict(_CHALLENGE.findall(challenge))
    realm = urlsplit(fields.get("realm", ""))
    if realm.scheme not in {"http", "https"}:
        return ""
    query = urlencode({key: fields[key] for key in ("service", "scope") if key in fields})
    request = urllib.request.Request(f"{realm.geturl()}?{query}")  # noqa: S310 - checked above
    if token and realm.netloc == host:
        basic = base64.b64encode(f"token:{token}".encode()).decode()
        request.add_header("Authorization", f"Basic {basic}")
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - as above
            body = json.loads(answer.read(_LARGEST))
    except (OSError, ValueError):
        return ""
    found = body.get("token") or body.get("access_token") if isinstance(body, dict) else ""
    return found if isinstance(found, str) else ""


def _silent(host: str, why: str) -> KalypsoError:
    return SourceError(
        f"the registry {host} does not say whether an image exists: {why}",
        Position(host),
        "try again later, or leave the question out with --no-registry",
        code="unreachable",
    )
