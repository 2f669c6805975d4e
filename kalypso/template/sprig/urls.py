"""URLs as maps of their parts.

Source: Sprig v2.22.0, url.go.
"""

from __future__ import annotations

from typing import Any

from kalypso.golang.signatures import FunctionError, Kind
from kalypso.golang.url import URL, parse
from kalypso.template.functions import Function, Outsiders, per_text
from kalypso.template.sprig.panics import dynamic_kind


def url_parse(text: str) -> dict[str, Any]:
    """Return a map with scheme, host, hostname, path, query, opaque, fragment and userinfo."""
    try:
        url = parse(text)
    except FunctionError as error:
        raise FunctionError(f"unable to parse url: {error}") from None
    return {
        "scheme": url.scheme,
        "host": url.host,
        "hostname": url.hostname(),
        "path": url.path,
        "query": url.query,
        "opaque": url.opaque,
        "fragment": url.fragment,
        "userinfo": url.user or "",
    }


def url_join(parts: dict[str, Any]) -> str:
    """Put a URL together from a map as ``urlParse`` returns it."""
    url = URL(
        scheme=_part(parts, "scheme"),
        host=_part(parts, "host"),
        path=_part(parts, "path"),
        query=_part(parts, "query"),
        opaque=_part(parts, "opaque"),
        fragment=_part(parts, "fragment"),
    )
    userinfo = _part(parts, "userinfo")
    if userinfo:
        try:
            url.user = parse(f"proto://{userinfo}@host").user
        except FunctionError as error:
            raise FunctionError(f"unable to parse userinfo in dict: {error}") from None
    return url.text()


def _part(parts: dict[str, Any], key: str) -> str:
    if key not in parts:
        return ""
    value = parts[key]
    kind = dynamic_kind(value)
    if not isinstance(value, str):
        raise FunctionError(f"unable to parse {key} key, must be of type string, but {kind} found")
    return value


FUNCTIONS: dict[str, Function] = {
    "urlParse": Function((Kind.STRING,), url_parse, outsiders=Outsiders.DECODED, cost=per_text(40)),
    "urlJoin": Function((Kind.MAP,), url_join, cost=per_text(40)),
}
