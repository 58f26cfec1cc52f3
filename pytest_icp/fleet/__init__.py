"""Many descriptions at once: judged shard by shard, and kept as tables."""
