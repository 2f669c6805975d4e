"""A faulty application repository on the real engine: the run goes on and says so."""

import json

from tests.engine.bench import Bench

SERVICE = "workloads/observability.yaml"


def test_a_faulty_application_is_held_with_a_warning_and_an_output(dev_is_up: Bench) -> None:
    good = dev_is_up.git("rev-parse", "main", repository="svc-src").strip()
    broken = dev_is_up.commit("svc-src", "main", {SERVICE: "kind: [\n"})
    said = dev_is_up.up("dev")
    assert f"is held at {good[:10]}, as last delivered, because its commit" in said
    assert "[yaml-syntax]" in said
    assert "opened issue 1" in said
    outputs = json.loads(dev_is_up.good("pulumi", "stack", "output", "--json", "-s", "dev"))
    (held,) = outputs["heldSources"].values()
    assert (held["commit"], held["newest"], held["code"]) == (good, broken, "yaml-syntax")
    assert [pull["state"] for pull in dev_is_up.pulls("--all")] == ["merged"]


def test_with_the_setting_stop_a_faulty_application_stops_the_run(dev_is_up: Bench) -> None:
    dev_is_up.set("dev", {"sources.onError": "stop"})
    dev_is_up.commit("svc-src", "main", {SERVICE: "kind: [\n"})
    command = ("pulumi", "preview", "-s", "dev", "--non-interactive")
    assert "this is not YAML" in dev_is_up.refused(*command)
