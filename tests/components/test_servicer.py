"""The provider over gRPC, as the engine talks to it."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, NotRequired, TypedDict

import grpc
import pulumi
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2, provider_pb2
from pulumi.runtime.proto.engine_pb2_grpc import EngineServicer, add_EngineServicer_to_server
from pulumi.runtime.proto.provider_pb2_grpc import (
    ResourceProviderStub,
    add_ResourceProviderServicer_to_server,
)

from components.provider.resource import Difference, Kind, Present, Report, Resource
from components.provider.servicer import Servicer
from components.provider.values import Properties, from_wire, secrets_in, to_wire
from kalypso.errors import DeliveryError, Position

URN = "urn:pulumi:dev::kalypso::kalypso:index:Platform$kalypso:index:Thing::thing"


STARTED = (
    "import sys\n"
    "from components.provider import server\n"
    "server.load_protocol()\n"
    "import components.provider.serving\n"
)
"""What a provider does before it is asked for anything."""


def here(program: str) -> str:
    """Run a program in a process of its own and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout


THINGS = "kalypso:index:Things"


class ThingsArgs(TypedDict):
    """What `Things` needs."""

    number: int
    """How many."""

    kind: NotRequired[Literal["flux", "argocd"]]
    """Of what kind."""


class Things(pulumi.ComponentResource):
    """A component that does what its arguments say."""

    def __init__(
        self, name: str, args: ThingsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        if args["number"] == 13:
            raise DeliveryError("thirteen are refused", Position("place", 3), "ask for one more")
        if args["number"] == 14:
            raise ModuleNotFoundError(name="pulumi_kubernetes.core")
        super().__init__(THINGS, name, {}, opts)


class Thing:
    """A resource that does what its inputs say."""

    inputs = ("name",)

    def create(self, inputs: Properties, report: Report) -> Present:
        if inputs["name"] == "refused":
            raise DeliveryError("it is refused", Position("place", 3), "ask again")
        if inputs["name"] == "bug":
            raise ZeroDivisionError
        report(f"made {inputs['name']}")
        return Present("id-1", {**inputs, "count": 3}, inputs)

    def read(self, resource_id: str, state: Properties, inputs: Properties) -> Present:
        return Present("" if state["name"] == "gone" else resource_id, state, inputs)

    def diff(self, state: Properties, old: Properties, inputs: Properties) -> Difference:
        assert state == old
        if inputs["name"] != old["name"]:
            first = inputs["name"] == "new first"
            return Difference(changed=True, replaces=("name",), new_first=first)
        if inputs != old:
            shown = inputs.get("shown") is True
            details = {'files["a.yaml"]': Kind.ADDED}
            return Difference(changed=True, details=details, of_outputs=shown)
        return Difference(changed=False)

    def update(self, state: Properties, inputs: Properties, report: Report) -> Properties:
        report("updated")
        return {**state, **inputs}

    def before_destroy(self, state: Properties) -> None:
        if state["name"] == "guarded":
            raise DeliveryError("it is still used")

    def delete(self, state: Properties) -> None:
        if state["name"] == "held":
            raise DeliveryError("it is held")


class Engine(EngineServicer):
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def Log(  # noqa: N802 - the engine's name
        self, request: engine_pb2.LogRequest, context: grpc.ServicerContext
    ) -> Empty:
        del context
        self.told.append((request.urn, request.message))
        return Empty()


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def loaded() -> list[dict[str, str]]:
    """The configuration of each time the resources were loaded."""
    return []


@pytest.fixture
def provider(engine: Engine, loaded: list[dict[str, str]]) -> Iterator[ResourceProviderStub]:
    server = grpc.server(ThreadPoolExecutor(4))
    port = server.add_insecure_port("127.0.0.1:0")
    add_EngineServicer_to_server(engine, server)

    def load(variables: Mapping[str, str]) -> Mapping[str, Resource]:
        loaded.append(dict(variables))
        return {"kalypso:index:Thing": Thing()}

    servicer = Servicer(load, lambda: {THINGS: Things}, "1.2.3", f"127.0.0.1:{port}")
    add_ResourceProviderServicer_to_server(servicer, server)
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield ResourceProviderStub(channel)
    server.stop(None).wait()


def create(provider: ResourceProviderStub, name: str) -> provider_pb2.CreateResponse:
    request = provider_pb2.CreateRequest(urn=URN, properties=to_wire({"name": name}))
    made: provider_pb2.CreateResponse = provider.Create(request)
    return made


def test_values_survive_the_wire() -> None:
    properties: Properties = {
        "text": "é\n",
        "number": 3,
        "part": 0.5,
        "no": None,
        "yes": True,
        "list": [1, "a", {"b": 2}],
        "files": {"a/b.yaml": "x: 1\n", "": ""},
    }
    assert from_wire(to_wire(properties)) == properties


def test_a_secret_is_read_in_clear_and_stays_a_secret_in_the_state(
    provider: ResourceProviderStub,
) -> None:
    mark = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    given: Properties = {"name": {**mark, "value": "one"}, "inside": {"a": [{**mark, "value": 1}]}}
    request = provider_pb2.CreateRequest(urn=URN, properties=to_wire(given))
    made = provider.Create(request).properties
    assert from_wire(made) == {"name": "one", "inside": {"a": [1]}, "count": 3}
    assert secrets_in(made) == {"name", "inside"}
    assert made["name"]["value"] == "one"


def test_a_creation_answers_with_its_state_and_asks_for_no_refresh(
    provider: ResourceProviderStub, engine: Engine
) -> None:
    made = create(provider, "one")
    assert (made.id, from_wire(made.properties)) == ("id-1", {"name": "one", "count": 3})
    assert not made.refresh_before_update
    assert engine.told == [(URN, "made one")]


def test_what_a_user_can_mend_is_told_in_our_words_only(provider: ResourceProviderStub) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        create(provider, "refused")
    error = caught.value
    assert error.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert error.details() == "place:3:1: it is refused [delivery]\n  hint: ask again"


def test_a_bug_keeps_its_traceback(provider: ResourceProviderStub) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        create(provider, "bug")
    assert caught.value.code() is grpc.StatusCode.UNKNOWN
    details = caught.value.details() or ""
    assert "Traceback" in details
    assert "ZeroDivisionError" in details


def test_a_missing_input_fails_the_check_by_its_name(provider: ResourceProviderStub) -> None:
    answer = provider.Check(provider_pb2.CheckRequest(urn=URN, news=to_wire({"nam": "one"})))
    assert [(f.property, f.reason) for f in answer.failures] == [
        ("name", "the input name is missing")
    ]


def test_a_difference_names_files_and_replacements(provider: ResourceProviderStub) -> None:
    def diff(new: Properties) -> provider_pb2.DiffResponse:
        old = to_wire({"name": "one"})
        request = provider_pb2.DiffRequest(urn=URN, olds=old, old_inputs=old, news=to_wire(new))
        answer: provider_pb2.DiffResponse = provider.Diff(request)
        return answer

    same, files, other = diff({"name": "one"}), diff({"name": "one", "x": 1}), diff({"name": "two"})
    assert same.changes == provider_pb2.DiffResponse.DIFF_NONE
    assert files.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert list(files.detailedDiff) == ['files["a.yaml"]']
    assert list(files.diffs) == ["files"]
    assert list(other.replaces) == ["name"]
    assert other.deleteBeforeReplace


def test_a_resource_may_ask_to_go_only_after_its_replacement_is_there(
    provider: ResourceProviderStub,
) -> None:
    old = to_wire({"name": "thing"})
    found = provider.Diff(
        provider_pb2.DiffRequest(
            urn=URN, olds=old, old_inputs=old, news=to_wire({"name": "new first"})
        )
    )
    assert list(found.replaces) == ["name"]
    assert not found.deleteBeforeReplace


def test_a_difference_is_shown_of_inputs_unless_it_is_of_outputs(
    provider: ResourceProviderStub,
) -> None:
    old = to_wire({"name": "one"})
    for shown in (False, True):
        new = to_wire({"name": "one", "x": 1, "shown": shown})
        request = provider_pb2.DiffRequest(urn=URN, olds=old, old_inputs=old, news=new)
        (each,) = provider.Diff(request).detailedDiff.values()
        assert each.inputDiff is not shown


def test_what_is_gone_is_read_as_gone(provider: ResourceProviderStub) -> None:
    def read(name: str) -> str:
        state = to_wire({"name": name})
        request = provider_pb2.ReadRequest(urn=URN, id="id-1", properties=state, inputs=state)
        answer: provider_pb2.ReadResponse = provider.Read(request)
        return answer.id

    assert read("one") == "id-1"
    assert read("gone") == ""


def test_an_update_answers_with_the_whole_state(provider: ResourceProviderStub) -> None:
    answer = provider.Update(
        provider_pb2.UpdateRequest(
            urn=URN, id="id-1", olds=to_wire({"name": "a", "count": 3}), news=to_wire({"x": 1})
        )
    )
    assert from_wire(answer.properties) == {"name": "a", "count": 3, "x": 1}


def test_a_refused_deletion_is_told(provider: ResourceProviderStub) -> None:
    request = provider_pb2.DeleteRequest(urn=URN, id="1", properties=to_wire({"name": "held"}))
    with pytest.raises(grpc.RpcError, match="it is held"):
        provider.Delete(request)


def test_a_guard_refuses_to_be_destroyed_and_obeys_a_program(
    provider: ResourceProviderStub,
) -> None:
    state = to_wire({"name": "guarded"})
    request = provider_pb2.DeleteRequest(urn=URN, id="1", properties=state)
    with pytest.raises(grpc.RpcError, match="it is still used"):
        provider.Delete(request)
    provider.Check(provider_pb2.CheckRequest(urn=URN, news=state))  # a program declares something
    provider.Delete(request)


def test_resources_are_loaded_when_one_is_asked_for_and_again_when_configured_again(
    provider: ResourceProviderStub, loaded: list[dict[str, str]]
) -> None:
    provider.CheckConfig(provider_pb2.CheckRequest())
    provider.Configure(provider_pb2.ConfigureRequest(variables={"kalypso:config:a": "1"}))
    provider.GetPluginInfo(Empty())
    assert loaded == []
    create(provider, "a")
    create(provider, "b")
    assert loaded == [{"kalypso:config:a": "1"}]
    provider.Configure(provider_pb2.ConfigureRequest(variables={"kalypso:config:a": "2"}))
    create(provider, "c")
    assert loaded == [{"kalypso:config:a": "1"}, {"kalypso:config:a": "2"}]


def test_a_provider_that_is_only_configured_loads_nothing_of_the_program() -> None:
    loaded = here(f"{STARTED}print(*sys.modules)").split()
    ours = {name for name in loaded if name.startswith("kalypso")}
    light = (
        "kalypso",
        "kalypso.errors",
        "kalypso.garbage",
        "kalypso.harmless_text",
        "kalypso.source_lines",
    )
    assert ours == set(light)
    assert "pydantic" not in loaded


def test_an_unknown_type_is_told(provider: ResourceProviderStub) -> None:
    urn = URN.replace("Thing", "Nothing")
    with pytest.raises(grpc.RpcError, match="there is no resource type kalypso:index:Nothing"):
        provider.Create(provider_pb2.CreateRequest(urn=urn))


def test_what_we_do_not_offer_is_declined_without_noise(
    provider: ResourceProviderStub, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        provider.Handshake(provider_pb2.ProviderHandshakeRequest())
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert capfd.readouterr().err == ""


def test_the_schema_describes_every_input(provider: ResourceProviderStub) -> None:
    answer = provider.GetSchema(provider_pb2.GetSchemaRequest())
    schema = json.loads(answer.schema)
    assert sorted(schema["resources"]) == [
        "kalypso:index:GitOpsBranch",
        "kalypso:index:LocalRepository",
        "kalypso:index:RepositoryContent",
        "kalypso:index:SshKey",
        "kalypso:index:StackMark",
        "kalypso:index:Things",
    ]
    for resource in schema["resources"].values():
        assert all(field["description"] for field in resource["inputProperties"].values())
    assert provider.GetPluginInfo(Empty()).version == "1.2.3"


def construct(provider: ResourceProviderStub, kind: str, inputs: Properties) -> "grpc.RpcError":
    request = provider_pb2.ConstructRequest(type=kind, name="a", inputs=to_wire(inputs))
    with pytest.raises(grpc.RpcError) as caught:
        provider.Construct(request)
    return caught.value


def test_wrong_inputs_of_a_component_are_refused_together_with_their_paths(
    provider: ResourceProviderStub,
) -> None:
    error = construct(provider, THINGS, {"nmber": 3, "kind": "fluxx"})
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    found = {each.key: each.value for each in error.trailing_metadata() or ()}
    details = found["grpc-status-details-bin"]
    assert isinstance(details, bytes)
    for each in ("nmber", "kind", "number"):
        assert each.encode() in details


def test_what_a_component_refuses_is_reported_without_a_traceback(
    provider: ResourceProviderStub,
) -> None:
    error = construct(provider, THINGS, {"number": 13})
    assert error.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert error.details() == (
        "place:3:1: thirteen are refused [delivery]\n  hint: ask for one more"
    )


def test_a_package_that_is_not_installed_is_named_with_how_to_install_it(
    provider: ResourceProviderStub,
) -> None:
    error = construct(provider, THINGS, {"number": 14})
    assert error.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert error.details() == (
        "Things declares resources of a package that is not installed where the provider runs:"
        " pip install 'kalypso-on-pulumi[kubernetes]'"
    )


def test_a_component_that_the_package_lacks_is_refused(provider: ResourceProviderStub) -> None:
    error = construct(provider, "kalypso:index:Nothing", {})
    assert error.details() == "the package has no component kalypso:index:Nothing"


def test_the_provider_loads_its_resources_without_the_sdk() -> None:
    program = (
        f"{STARTED}import components.provider.catalog\n"
        "print([name for name in sys.modules if name.partition('.')[0] == 'pulumi'\n"
        "       and not name.startswith('pulumi.runtime.proto')])\n"
    )
    assert here(program) == "[]\n"


def test_who_asks_for_the_sdk_after_the_protocol_gets_all_of_it() -> None:
    program = (
        f"{STARTED}from pulumi.runtime.proto import provider_pb2\n"
        "import pulumi\n"
        "from pulumi.runtime import proto\n"
        "print(proto.provider_pb2 is provider_pb2, pulumi.CustomResource.__name__)\n"
    )
    assert here(program) == "True CustomResource\n"


def test_a_protocol_that_cannot_be_loaded_alone_leaves_no_half_sdk_behind() -> None:
    program = (
        "import sys\n"
        "from components.provider import server\n"
        "server._PROTOCOL = 'pulumi.runtime.moved'\n"
        "try:\n"
        "    server.load_protocol()\n"
        "except ModuleNotFoundError as error:\n"
        "    print(error.name, 'pulumi' in sys.modules)\n"
    )
    assert here(program) == "pulumi.runtime.moved False\n"
