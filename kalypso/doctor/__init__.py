"""Doctor: what is missing on this machine, in accounts and on clusters, before `pulumi up`."""

from kalypso.doctor.examination import examine
from kalypso.doctor.finding import Finding
from kalypso.doctor.machine import Machine
from kalypso.doctor.surroundings import Surroundings, Unanswered

__all__ = ["Finding", "Machine", "Surroundings", "Unanswered", "examine"]
