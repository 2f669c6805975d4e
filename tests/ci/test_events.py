"""Events are read whatever state the engine leaves them in; nothing but errors and counts is."""

from __future__ import annotations

import json

import pytest

from kalypso.ci.events import Events, read_events

# What pulumi 3.250.0 wrote for a model with a file that is not YAML; resources are left out.
BROKEN = rb"""
{"sequence":0,"timestamp":1795881400,"preludeEvent":{"config":{"kalypso:environment":"dev"}}}
{"sequence":26,"timestamp":1795881425,"diagnosticEvent":{"prefix":"debug: ","message":"registering resource: ty=pulumi:pulumi:Stack\n","color":"never","severity":"debug"}}
{"sequence":27,"timestamp":1795881425,"diagnosticEvent":{"prefix":"error: ","message":"kalypso-control-plane@dev:broken.yaml:2:1: error: this is not YAML: did not find expected node content while parsing a flow node [yaml-syntax]\n","color":"never","severity":"error"}}
{"sequence":41,"timestamp":1795881426,"summaryEvent":{"maybeCorrupt":false,"durationSeconds":24,"resourceChanges":{"same":1},"PolicyPacks":{},"isPreview":true,"result":"failed"}}
{"sequence":42,"timestamp":1795881426,"cancelEvent":{}}
""".lstrip()  # noqa: E501 - as the engine writes them
MESSAGE = (
    "kalypso-control-plane@dev:broken.yaml:2:1: error: this is not YAML: did not find expected"
    " node content while parsing a flow node [yaml-syntax]"
)


def event(kind: str, body: object, **more: object) -> bytes:
    return json.dumps({"sequence": 1, "timestamp": 0, kind: body, **more}).encode() + b"\n"


def error(message: object, severity: str = "error") -> bytes:
    return event("diagnosticEvent", {"message": message, "severity": severity})


def summary(changes: object, result: object = "succeeded") -> bytes:
    return event("summaryEvent", {"resourceChanges": changes, "result": result})


def test_errors_and_counts_are_read_from_what_the_engine_wrote() -> None:
    found = read_events(BROKEN.splitlines(keepends=True))
    assert found == Events((MESSAGE,), {"same": 1}, "failed")


def test_messages_keep_their_further_lines_and_their_order() -> None:
    lines = [error("b\n  hint: x\n"), error("a\n"), error("b\n  hint: x\n")]
    assert read_events(lines).errors == ("b\n  hint: x", "a")


@pytest.mark.parametrize("severity", ["debug", "info", "info#err", "warning"])
def test_what_is_not_an_error_is_not_taken_for_one(severity: str) -> None:
    assert read_events([error("error: no\n", severity)]) == Events()


def test_content_of_a_resource_is_not_taken_for_an_event() -> None:
    planted = {"diagnosticEvent": {"severity": "error", "message": "planted"}}
    pre = event("resourcePreEvent", {"metadata": {"new": {"inputs": planted}}})
    assert read_events([pre]) == Events()


@pytest.mark.parametrize("length", range(1, len(BROKEN.splitlines()[2]), 7))
def test_an_event_that_was_cut_short_is_left_out(length: int) -> None:
    lines = BROKEN.splitlines()
    assert read_events([*lines[:2], lines[2][:length]]) == Events()


def test_an_engine_that_was_killed_leaves_its_errors_and_no_counts() -> None:
    found = read_events(BROKEN.splitlines()[:3])
    assert found == Events((MESSAGE,), {}, "")


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"\0\0\0\n",
        b"null\n",
        b'"diagnosticEvent"\n',
        b'["diagnosticEvent"]\n',
        b'{"diagnosticEvent": null}\n',
        b'{"diagnosticEvent": []}\n',
        b'{"diagnosticEvent": {"severity": "error"}}\n',
        b'{"diagnosticEvent": {"severity": ["error"], "message": "x"}}\n',
        b'{"summaryEvent": 7}\n',
        b'{"summaryEvent": {"resourceChanges": ["same"]}}\n',
        b'{"summaryEvent": {"resourceChanges": {"same": "1", "update": true, "create": -1}}}\n',
        b'{"newKindOfEvent": {"severity": "error", "message": "diagnosticEvent"}}\n',
        event("diagnosticEvent", {"message": 7, "severity": "error"}),
    ],
)
def test_what_is_unknown_or_malformed_is_left_out(line: bytes) -> None:
    assert read_events([line, error("real\n")]) == Events(("real",))


def test_bytes_that_are_not_utf_8_do_not_hide_an_error() -> None:
    line = error("odd ? [load]\n").replace(b"?", b"\xff")
    assert read_events([line]).errors == ("odd \N{REPLACEMENT CHARACTER} [load]",)


def test_more_keys_in_an_event_change_nothing() -> None:
    found = read_events([event("summaryEvent", {"resourceChanges": {"same": 2}, "new": 1}, new=[])])
    assert found.changes == {"same": 2}


def test_a_secret_value_is_not_read() -> None:
    inputs = {"token": {"4dabf18193072939515e22adb298388d": "1b47", "ciphertext": "[secret]"}}
    lines = [event("resourcePreEvent", {"metadata": {"new": {"inputs": inputs}}}), error("x\n")]
    assert "secret" not in str(read_events(lines))


def test_an_event_of_a_huge_resource_is_passed_over_unparsed() -> None:
    huge = event("resOutputsEvent", {"metadata": {"new": {"outputs": {"files": "x" * 20_000_000}}}})
    assert read_events([huge[:-20], error("x\n")]).errors == ("x",)


def step(kind: str, op: str) -> bytes:
    return event("resourcePreEvent", {"metadata": {"op": op, "type": kind}})


FILES = [step("kalypso:preview:Files", op) for op in ("import", "update")]


def test_what_only_a_preview_shows_is_not_counted() -> None:
    changes = summary({"import": 1, "same": 21, "update": 2})
    assert read_events([*FILES, changes]).changes == {"same": 21, "update": 1}


def test_an_import_of_something_else_is_counted() -> None:
    lines = [step("github:index/repository:Repository", "import"), *FILES]
    assert read_events([*lines, summary({"import": 2, "update": 1})]).changes == {"import": 1}


def test_content_that_names_the_type_is_not_taken_for_a_step() -> None:
    planted = {"type": "kalypso:preview:Files", "op": "update"}
    pre = event("resourcePreEvent", {"metadata": {"op": "update", "type": "a:b:C", "new": planted}})
    assert read_events([pre, summary({"update": 1})]).changes == {"update": 1}
