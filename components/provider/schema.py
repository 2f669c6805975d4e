"""The schema of the package: what other languages and the engine's tools read."""

import json

_Fields = dict[str, dict[str, object]]
_TEXT: dict[str, object] = {"type": "string"}
_OPTIONAL = {"github", "title", "body", "trailers", "author", "sign"}
_FILES: dict[str, object] = {"type": "object", "additionalProperties": _TEXT}


def schema(version: str) -> str:
    """Return the schema as the engine wants it."""
    branch: _Fields = {
        "folder": {**_TEXT, "description": "Folder of the embedded forge; empty for GitHub."},
        "github": {**_TEXT, "description": "Address of GitHub, if it has the repository."},
        "repository": {**_TEXT, "description": "Name of the GitOps repository."},
        "branch": {**_TEXT, "description": "Branch of the environment."},
        "environment": {**_TEXT, "description": "Environment that is scheduled."},
        "parent": {**_TEXT, "description": "Commit of the branch that the files are meant for."},
        "files": {**_FILES, "description": "Text of each managed file by its path."},
        "title": {**_TEXT, "description": "Title of the pull request."},
        "body": {**_TEXT, "description": "Text of the pull request, in Markdown."},
        "trailers": {**_TEXT, "description": "Last lines of the commit's message."},
        "author": {**_TEXT, "description": "Who writes the commit, as `Name <address>`."},
        "sign": {"type": "boolean", "description": "Whether git signs the commit."},
    }
    repository: _Fields = {
        "folder": {**_TEXT, "description": "Folder of the embedded forge."},
        "name": {**_TEXT, "description": "Name of the repository."},
        "branch": {**_TEXT, "description": "Branch that a clone checks out."},
    }
    content: _Fields = {
        "folder": {**_TEXT, "description": "Folder of the embedded forge; empty for GitHub."},
        "github": {**_TEXT, "description": "Address of GitHub, if it has the repository."},
        "repository": {**_TEXT, "description": "Name of the repository; on GitHub owner/name."},
        "content": {**_TEXT, "description": "Which part of the sample it starts with."},
        "prefix": {**_TEXT, "description": "First part of the repositories' names."},
        "url": {**_TEXT, "description": "Address of the forge, as the files name it."},
    }
    pull: _Fields = {
        "pullRequest": {"type": "integer", "description": "Number of what is open, if any."}
    }
    path: _Fields = {"path": {**_TEXT, "description": "Where the repository is."}}
    return json.dumps(
        {
            "name": "kalypso",
            "version": version,
            "description": "Schedules workloads on fleets of Kubernetes clusters from Git.",
            "resources": {
                "kalypso:index:GitOpsBranch": _resource(
                    "The manifests of an environment, kept by at most one open pull request.",
                    branch,
                    pull,
                ),
                "kalypso:index:LocalRepository": _resource(
                    "A bare repository of the embedded forge; destroying it removes it.",
                    repository,
                    path,
                ),
                "kalypso:index:RepositoryContent": _resource(
                    "What a repository starts with; written only if it is empty.", content, {}
                ),
            },
        },
        indent=2,
    )


def _resource(description: str, inputs: _Fields, outputs: _Fields) -> dict[str, object]:
    names = sorted(inputs.keys() - _OPTIONAL)
    return {
        "description": description,
        "inputProperties": inputs,
        "requiredInputs": names,
        "properties": {**inputs, **outputs},
        "required": names,
    }
