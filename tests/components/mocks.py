"""The SDK's mocks: what a program declares is remembered, and made of nothing."""

import pulumi


class Seen(pulumi.runtime.Mocks):
    """Remembers every resource."""

    def __init__(self) -> None:
        self.resources: list[tuple[str, str]] = []
        self.inputs: dict[str, dict[str, object]] = {}

    def new_resource(
        self, args: pulumi.runtime.MockResourceArgs
    ) -> tuple[str | None, dict[str, object]]:
        kind = args.typ.rpartition(":")[2]
        self.resources.append((kind, args.name))
        self.inputs[f"{kind} {args.name}"] = dict(args.inputs)
        return args.name, {**args.inputs, "path": "there", "pullRequest": 1}

    def call(
        self, args: pulumi.runtime.MockCallArgs
    ) -> tuple[dict[str, object], list[tuple[str, str]] | None]:
        del args
        return {}, None

    def names(self, kind: str) -> list[str]:
        return sorted(name for found, name in self.resources if found == kind)
