"""Job kinds in the order in which one needs the results of the other."""

from __future__ import annotations

from curation.jobs.supervisor import Supervisor
from curation.records import Job

ENCODE = ("encode", "encode_second")
"""All vectors that are missing, those of lost shards too; without a second encoder the latter does nothing."""

PREPARE = ("encode", "analyse", "coarse", "defects", "clusters", "noise", "pool", "encode_second", "suggest")
"""Everything that the review screens need after an import."""


def prepare_all(supervisor: Supervisor) -> list[Job]:
    """Queue everything that an import leaves to be done; each kind looks itself for what is missing."""
    return supervisor.add_chain(PREPARE)
