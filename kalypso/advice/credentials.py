"""Texts that look like credentials, in config maps and in what is rendered from them.

detect-secrets knows what tokens look like. Its detectors of entropy are left out, since they take
any line of a manifest for a secret. So is that of keywords, since it takes names of secrets for
secrets: here, a name has to end in the word. `PASSWORD: x` holds one, `passwordSecretName: x` not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Final, Protocol

from kalypso.errors import Collector, Position
from kalypso.model import Evaluation

_DETECTORS: Final = {
    "aws": ("AWSKeyDetector",),
    "azure_storage_key": ("AzureStorageKeyDetector",),
    "basic_auth": ("BasicAuthDetector",),
    "discord": ("DiscordBotTokenDetector",),
    "github_token": ("GitHubTokenDetector",),
    "gitlab_token": ("GitLabTokenDetector",),
    "jwt": ("JwtTokenDetector",),
    "mailchimp": ("MailchimpDetector",),
    "npm": ("NpmDetector",),
    "openai": ("OpenAIDetector",),
    "private_key": ("PrivateKeyDetector",),
    "pypi_token": ("PypiTokenDetector",),
    "sendgrid": ("SendGridDetector",),
    "slack": ("SlackDetector",),
    "square_oauth": ("SquareOAuthDetector",),
    "stripe": ("StripeDetector",),
    "telegram_token": ("TelegramBotTokenDetector",),
    "twilio": ("TwilioKeyDetector",),
}
_TOKEN: Final = re.compile(
    r"://[^/\s:@]+:[^/\s@]+@|A[KS]IA[0-9A-Z]{16}|AccountKey=|gh[pousr]_\w{36}|glpat-|gldt-"
    r"|eyJ[\w-]+\.eyJ|xox[a-z]-|hooks\.slack\.com|SG\.[\w-]{22}|[sr]k_live_|sk-\w*T3BlbkFJ"
    r"|\b(?:AC|SK)[0-9a-f]{32}|pypi-AgE|npm_\w{36}|_authToken|PRIVATE KEY|\b\d{8,10}:\w{35}"
    r"|[0-9a-f]{32}-us\d|sq0csp-|[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27}"
)
"""What a line with a token has; the library is loaded for such lines only, since it takes long."""
_WORD: Final = re.compile(r"pass|pwd|secret|token|key|credential", re.IGNORECASE)
_NAMED: Final = re.compile(
    r"""(?P<name>[\w.-]*(?:password|passwd|passphrase|pwd|secret|token|credentials?|api[_-]?key
    |access[_-]?key|private[_-]?key|account[_-]?key|client[_-]?key|auth[_-]?key|secret[_-]?key))
    ["']?\s*[:=]\s*(?P<value>"[^"]*"|'[^']*'|[^\s;,#]+)""",
    re.IGNORECASE | re.VERBOSE,
)
"""A name that ends in a word for credentials, and its value."""
_REFERENCE: Final = re.compile(
    r"""true|false|null|none|yes|no|\d{1,5}[smhd]?     # switches, ports, times
    |[{\[<*&|>!%$@].*                                  # other YAML, templates, variables
    |(?:https?|oci|vault|ssm|arn|file|secretref|ref)[:+].*
    |.*\{\{.*|.*\$[({].*
    |[./~].*""",
    re.IGNORECASE | re.VERBOSE,
)
_NAME_OF_OBJECT: Final = re.compile(r"[a-z][a-z0-9]*(?:[-./][a-z0-9]+)+")
"""For example ``repo-secret``: what something named `secret` most often is."""
_HINT: Final = (
    "refer to it instead (docs/how-to/secrets.md), and revoke it if it was ever committed; if it is"
    " none, .kalypso-silence quiets this"
)


class _Detector(Protocol):
    def analyze_string(self, string: str) -> Iterator[str]: ...


def advise_on_credentials(evaluation: Evaluation, problems: Collector) -> None:
    """Warn about values and manifests in which a credential seems to be; never print one."""
    known: set[str] = set()
    for config in evaluation.platform.config_maps:
        for key, text in config.data.items():
            found = list(_in_value(key, text))
            known.update(value for _, value in found)
            if found:
                what = f"the value of {key!r} in the config map {config.name!r}"
                _warn(problems, what, found[0][0], config.origin.at("data", key))
    for (path, line), what in _in_files(evaluation.files, known).items():
        _warn(problems, f"the file {path}", what, Position(path, line))


def _warn(problems: Collector, where: str, what: str, at: Position) -> None:
    message = f"{where} holds what looks like a credential: {what}"
    problems.warn("looks-like-a-credential", message, at, _HINT, confidential=True)


def _in_files(files: Mapping[str, str], known: set[str]) -> dict[tuple[str, int], str]:
    """Return where credentials are in files, each once, and not those that values brought in."""
    found: dict[tuple[str, int], str] = {}
    looked_at: set[str] = set()
    for path, text in files.items():
        if not (_WORD.search(text) or _TOKEN.search(text)):
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            if line in looked_at:
                continue
            looked_at.add(line)
            for what, value in credentials_in(line):
                if value not in known:
                    known.add(value)
                    found[path, number] = what
    return found


def _in_value(key: str, text: str) -> Iterator[tuple[str, str]]:
    lines = text.splitlines()
    if len(lines) == 1:
        lines = [f"{key}: {text.strip()}"]
    for line in lines:
        yield from credentials_in(line)


def credentials_in(line: str) -> Iterator[tuple[str, str]]:
    """Yield what kind of credential a line seems to hold, and the credential."""
    if (token := _TOKEN.search(line)) and "{{" not in line and "${" not in line:
        for kind, detector in _detectors():
            for value in detector.analyze_string(line):
                if value:
                    yield kind, value
                    return
        if not _detectors():
            yield "its form says so", token[0]
            return
    for found in _NAMED.finditer(line):
        name, value = found["name"].lower(), found["value"].strip("\"'")
        refers = name.endswith(("secret", "credential", "credentials"))
        if not value or _REFERENCE.fullmatch(value):
            continue
        if not (refers and _NAME_OF_OBJECT.fullmatch(value)):
            yield "its name says so", value
            return


@cache
def _detectors() -> tuple[tuple[str, _Detector], ...]:
    """Load the library's detectors; none where somebody installed Kalypso without it."""
    found: list[tuple[str, _Detector]] = []
    for module, classes in _DETECTORS.items():
        try:
            loaded = import_module(f"detect_secrets.plugins.{module}")
        except ModuleNotFoundError:
            return ()
        for name in classes:
            detector = getattr(loaded, name)()
            found.append((f"{detector.secret_type}", detector))
    return tuple(found)
