"""In a clone: the components under the name that they have in the wheel.

The script `pulumi-resource-kalypso`, which installing puts on the path, imports them by that name.
"""

from pathlib import Path

__path__ = [str(Path(__file__).resolve().parent / "components")]
