"""The Pulumi program of this project: `pulumi up` runs it once for each stack."""

from components.program import run

run()
