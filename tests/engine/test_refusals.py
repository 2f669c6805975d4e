"""What stops a run: every problem is told, in place, and nothing is delivered."""

import re

from tests.engine.bench import Bench

PREVIEW = ("pulumi", "preview", "-s", "dev", "--non-interactive")


def test_every_wrong_setting_is_told_at_once_with_its_line(bench: Bench) -> None:
    bench.init("dev")
    settings = bench.project / "Pulumi.dev.yaml"
    settings.write_text(
        "config:\n"
        "  kalypso:environment: dev\n"
        "  kalypso:prefx: acme\n"
        "  kalypso:limits:\n    removals: many\n"
        "  kalypso:clusters: true\n"
    )
    told = bench.refused(*PREVIEW)
    assert "Pulumi.dev.yaml:3:1: there is no setting 'prefx'" in told
    assert "did you mean prefix?" in told
    assert "Pulumi.dev.yaml:5:1: the setting 'limits.removals' is wrong" in told
    assert "Pulumi.dev.yaml:6:1: the setting 'clusters' is wrong" in told
    assert not bench.forge.exists()


def test_a_broken_model_delivers_nothing_and_tells_all_that_is_wrong(dev_is_up: Bench) -> None:
    refs = dev_is_up.git("for-each-ref")
    dev_is_up.commit(
        "control-plane",
        "dev",
        {
            "scheduling/broken.yaml": "kind: [\n",
            "scheduling/unknown.yaml": (
                "apiVersion: scheduler.kalypso.io/v1alpha1\nkind: Policy\nmetadata: {name: a}\n"
            ),
        },
    )
    told = dev_is_up.refused("pulumi", "up", "-s", "dev", "--yes", "--non-interactive")
    assert "refresh" not in told
    assert re.search(r"kalypso-control-plane@dev:scheduling/broken\.yaml:\d+:\d+: ", told)
    assert "kalypso-control-plane@dev:scheduling/unknown.yaml:2:" in told
    assert dev_is_up.git("for-each-ref") == refs
    dev_is_up.git("update-ref", "refs/heads/dev", "dev~1", repository="control-plane")


def test_removing_every_assignment_needs_exactly_that_acknowledgement(dev_is_up: Bench) -> None:
    policy = "scheduling/platform-services/observability-policy.yaml"
    text = dev_is_up.tree("dev", "control-plane")[policy]
    dev_is_up.commit("control-plane", "dev", {policy: text.replace("large", "huge")})
    told = dev_is_up.refused(*PREVIEW)
    assert "would remove the only assignment of 'dev'" in told
    assert "large (1): observability-prometheus" in told
    found = re.search(r"set limits\.acknowledge to ([0-9a-f]{12})", told)
    assert found is not None
    wrong = ("pulumi", "config", "set", "-s", "dev", "limits.acknowledge")
    dev_is_up.good(*wrong, "0" * 12)
    assert "would remove the only assignment of 'dev'" in dev_is_up.refused(*PREVIEW)
    dev_is_up.good(*wrong, found[1])
    dev_is_up.up("dev")
    pull = dev_is_up.waiting()
    assert dev_is_up.changed(pull["number"]) == [
        "large/observability-prometheus/config.yaml",
        "large/observability-prometheus/namespace.yaml",
        "large/observability-prometheus/reconciler.yaml",
    ]


def test_a_damaged_repository_is_told_and_left_as_it_is(dev_is_up: Bench) -> None:
    objects = dev_is_up.forge / "kalypso-control-plane.git" / "objects"
    objects.rename(objects.with_name("lost"))
    objects.mkdir()
    told = dev_is_up.refused(*PREVIEW)
    objects.rmdir()
    objects.with_name("lost").rename(objects)
    assert "kalypso-control-plane" in told
    assert "git fsck" in told


def test_a_forge_that_cannot_be_written_is_told(bench: Bench) -> None:
    bench.init("dev")
    bench.forge.parent.mkdir()
    bench.forge.write_text("a file where the folder should be")
    told = bench.refused(
        "pulumi", "up", "-s", "dev", "--yes", "--skip-preview", "--non-interactive"
    )
    assert "the folder cannot be written: Not a directory" in told
    assert bench.forge.read_text() == "a file where the folder should be"


def test_a_repository_of_somebody_else_is_not_taken_over(bench: Bench) -> None:
    bench.init("dev")
    bench.good("git", "init", "--quiet", "--bare", str(bench.forge / "kalypso-gitops.git"))
    clone = bench.project / "clone"
    bench.good("git", "init", "--quiet", "-b", "dev", str(clone))
    (clone / "file").write_text("theirs\n")
    here = ("git", "-C", str(clone), "-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    bench.good(*here, "add", "file")
    bench.good(*here, "commit", "--quiet", "-m", "theirs")
    bench.good(*here, "push", "--quiet", str(bench.forge / "kalypso-gitops.git"), "dev")
    told = bench.refused(
        "pulumi", "up", "-s", "dev", "--yes", "--skip-preview", "--non-interactive"
    )
    assert "exists already and was not made by this stack" in told
    assert bench.tree("dev") == {"file": "theirs\n"}
