"""Three hundred assignments on one cluster: what it takes until the last one is ready.

They look at their repository at the interval that docs/how-to/bring-your-own-cluster.md recommends:
at the 30 seconds of the sample, Flux's four workers have never looked at all of them in time, and
the last ones wait for ever. Prints the figures of that page; a time is never a reason to fail.
"""

import re
import time
from collections.abc import Mapping

from tests.e2e.platform_bench import KUSTOMIZATIONS, NAMESPACES, Platform
from tests.sample.walkthrough import REGISTRATION, policy

TARGETS = 300
_TARGET = """\
    - name: t{number:03}
      labels:
        purpose: scale
      environment: dev
      manifests:
        repo: http://127.0.0.1:3180/kalypso-app-gitops
        branch: dev
        path: ./functional-test
"""
INTERVAL = "10m"
_TEMPLATE = "templates/arc-flux.yaml"
_REQUESTS = re.compile(r"^apiserver_request_total\{.*\} (\d+)$", re.MULTILINE)
_SECONDS = 600


def test_every_one_of_300_assignments_becomes_ready_on_one_cluster(platform: Platform) -> None:
    platform.merge("dev")
    workload = (
        "apiVersion: scheduler.kalypso.io/v1alpha1\nkind: Workload\nmetadata:\n  name: scale\n"
        "  labels: {type: application}\nspec:\n  deploymentTargets:\n"
    ) + "".join(_TARGET.format(number=number) for number in range(TARGETS))
    platform.bench.commit("app-src", "main", {"workload/scale.yaml": workload})
    template = platform.bench.tree("main", "control-plane")[_TEMPLATE]
    assert template.count("interval: 30s") == 2
    slower = {_TEMPLATE: template.replace("interval: 30s", f"interval: {INTERVAL}")}
    platform.promote("dev", platform.edit({"main": {**REGISTRATION["main"], **slower}}))
    rule = policy("scale", "{purpose: scale}", '{matchLabels: {restricted: "true", edge: "true"}}')
    platform.edit({"dev": {"scheduling/scale.yaml": rule}})
    platform.bench.up("dev")
    requests = _requests(platform)
    start = time.monotonic()
    commit = platform.merge("dev")
    platform.flux_ready("platform-dev", commit, seconds=_SECONDS)
    applied = time.monotonic() - start
    platform.until(
        lambda: _unready(platform),
        lambda found: found == [],
        "every Kustomization ready",
        seconds=_SECONDS,
    )
    ready = time.monotonic() - start
    names = [name for name in platform.api("drone").names(NAMESPACES) if "scale-t" in name]
    assert len(names) == TARGETS
    asked = _requests(platform) - requests
    print(f"\n{TARGETS} assignments: applied after {applied:.0f} s, last ready after {ready:.0f} s")  # noqa: T201 - figures for a person
    print(f"requests to the API server: {asked}, {asked / ready:.0f} a second")  # noqa: T201 - as above
    before, at = _requests(platform), time.monotonic()
    time.sleep(30)
    rate = (_requests(platform) - before) / (time.monotonic() - at)
    print(f"afterwards, at rest: {rate:.0f} requests a second")  # noqa: T201 - as above


def _unready(platform: Platform) -> list[str]:
    found = platform.api("drone").ask("GET", KUSTOMIZATIONS)["items"]
    children = [each for each in found if each["metadata"]["name"].startswith("scale-")]
    if len(children) < TARGETS:
        return [f"only {len(children)} of them"]
    return [each["metadata"]["name"] for each in children if not _is_ready(each)]


def _is_ready(found: Mapping[str, Mapping[str, list[dict[str, str]]]]) -> bool:
    conditions = found.get("status", {}).get("conditions", [])
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def _requests(platform: Platform) -> int:
    text: str = platform.api("drone").ask("GET", "/metrics")
    return sum(int(number) for number in _REQUESTS.findall(text))
