"""The greeting page as HTML."""

from __future__ import annotations

from html import escape

from hello_world.configuration import Configuration

TEMPLATE = """\
<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{title}</title>
  <link rel="stylesheet" href="style.css">
</head>
<body>
  <main>
    <header>
      <p class="target">{target}</p>
      <h1>Hello World!</h1>
      <p class="place">{place}</p>
    </header>
    <section aria-labelledby="configuration">
      <h2 id="configuration">Platform configuration</h2>
      <dl>
{rows}
      </dl>
    </section>
    <footer>Version {version}</footer>
  </main>
</body>
</html>
"""


def greeting_page(configuration: Configuration, version: str) -> str:
    """Return the page; every value is escaped, since the platform's values are not ours."""
    place = _place(configuration)
    rows = (_row(name, value) for name, value in configuration.platform.items())
    return TEMPLATE.format(
        title=escape(f"Hello World from {place}"),
        target=escape(configuration.deployment_target or "hello-world-app"),
        place=escape(f"from {place}"),
        rows="\n".join(rows),
        version=escape(version),
    )


def _place(configuration: Configuration) -> str:
    """Say where this instance runs, in as many words as the platform gives."""
    cluster = configuration.platform.get("CLUSTER_NAME")
    environment = configuration.platform.get("ENVIRONMENT")
    return " · ".join(part for part in (environment, cluster) if part) or "nowhere in particular"


def _row(name: str, value: str | None) -> str:
    shown = '<dd class="unset">not set</dd>' if value is None else f"<dd>{escape(value)}</dd>"
    return f"        <div><dt>{escape(name)}</dt>{shown}</div>"
