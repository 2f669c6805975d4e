"""`kalypso connect`: what a cluster needs to read its folder of the GitOps branch."""

from __future__ import annotations

from typing import Literal

import click

from kalypso.cli.completion import cluster_type_names
from kalypso.cli.form import output_option, say
from kalypso.cli.inputs import Inputs, ModelCommand, model_options, request_of
from kalypso.cli.problems import print_problems
from kalypso.evaluation import survey
from kalypso.report import to_json, to_yaml


@click.command(cls=ModelCommand)
@click.argument("cluster_type", metavar="CLUSTER-TYPE", shell_complete=cluster_type_names)
@model_options
@output_option("yaml", "json")
def command(cluster_type: str, inputs: Inputs, form: Literal["yaml", "json"]) -> None:
    """Print the objects with which Flux or Argo CD on a cluster reads its folder.

    Apply them with kubectl on a cluster that has the reconciler. Flux also needs the secret
    repo-secret, with credentials that read the repository; Argo CD one of its own for it.
    """
    from kalypso.stack import connecting_objects

    found = survey(request_of(inputs))
    print_problems(found.warnings)
    objects = connecting_objects(found.platform, cluster_type)
    if form == "json":
        say(to_json(objects))
    else:
        say("---\n".join(f"{to_yaml(each).strip()}\n" for each in objects).strip())
