"""The published schemas of pipelines, as SchemaStore has them for editors and GitLab for itself."""

from check_jsonschema import main  # type: ignore[import-untyped] # it has no types
from click.testing import CliRunner


def broken(schema: str, text: str) -> str:
    """Return what a text breaks; empty if nothing.

    Args:
        schema: `github-workflows`, `gitlab-ci` or `azure-pipelines`.
        text: YAML; it goes to the checker's standard input, and no file is written.
    """
    more = () if schema == "github-workflows" else ("--data-transform", schema)
    # Patterns of Azure's are older than what JSON Schema now says of patterns.
    more = (*more, "--regex-variant", "nonunicode")
    options = ["--builtin-schema", f"vendor.{schema}", *more, "--default-filetype", "yaml"]
    options += ["--verbose", "-"]
    done = CliRunner().invoke(main, options, input=text, catch_exceptions=False)
    return done.output if done.exit_code else ""
