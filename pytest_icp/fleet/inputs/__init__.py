"""What a fleet is read from: files, archives, JSON Lines and Parquet, cut into shards."""
