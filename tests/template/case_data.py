"""The data that every ``*.case`` file renders: one value of each Go type that shows."""

from __future__ import annotations

from kalypso.golang.values import Uint64
from kalypso.template import AnyMap, StringMap, Struct


def case_data() -> Struct:
    """Return fresh data, since functions may change them.

    ``.Labels`` is a map[string]string, ``.ConfigData`` a map[string]interface {}, mappings in it
    are map[interface {}]interface {}; ``.Nope`` is not a field, nor ``.ConfigData.nope`` a key.
    """
    config: dict[str, object] = {
        "text": "abc",
        "unicode": "hé✓😀",
        "empty": "",
        "int": 5,
        "zero": 0,
        "big": Uint64(1 << 63),
        "float": 1.5,
        "million": 1000000.0,
        "yes": True,
        "no": False,
        "nothing": None,
        "list": ["x", "y", "z"],
        "numbers": [1, 2, 3],
        "mixed": [1, None, "a", 2.5, True, [2], AnyMap(k="v")],
        "none": [],
        "map": AnyMap(b="two", a=1, c=AnyMap(d=[AnyMap(e="deep")])),
        "intkeys": AnyMap({2: "two", 10: "ten", 1: "one"}),
        "boolkeys": AnyMap({True: "t", False: "f"}),
        "people": [AnyMap(name="ann", age=31), AnyMap(name="bob", age=40)],
    }
    return Struct(
        {
            "DeploymentTargetName": "dt",
            "Namespace": "ns",
            "Environment": "dev",
            "Workspace": "",
            "Workload": "hello",
            "Labels": StringMap({"region": "west", "edge": "true"}),
            "Manifests": StringMap(),
            "ClusterType": "drone",
            "ConfigData": config,
        },
        "scheduler.dataType",
    )
