"""Many documents: shards, a journal of what is done, local processes or a cluster; all run the same function."""

from extractor.batch.running import run
from extractor.batch.work import Job, Options, Shard, Tally, process

__all__ = ["Job", "Options", "Shard", "Tally", "process", "run"]
