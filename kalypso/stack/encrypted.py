"""What a stack's file has encrypted, which the engine reads and commands do without."""

from collections.abc import Iterator, Mapping

_MARK = "secure"


def without_encrypted(config: Mapping[str, object]) -> dict[str, object]:
    """Return the configuration of a stack's file without what is encrypted, also inside objects.

    An object of which nothing else is left goes too: `pulumi config set --secret --path` encrypts
    each of its values.

    Args:
        config: Key to value, as in the file.
    """
    return dict(_kept(config))


def has_encrypted(config: Mapping[str, object]) -> bool:
    """Return whether anything of a stack's file is encrypted.

    Args:
        config: The file, or a part of it.
    """
    return without_encrypted(config) != config


def _kept(values: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for key, value in values.items():
        if not isinstance(value, dict):
            yield str(key), value
        elif value.keys() != {_MARK}:
            rest = dict(_kept(value))
            if rest or not value:
                yield str(key), rest
