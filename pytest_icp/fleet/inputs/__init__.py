"""What a fleet is read from: files, JSON Lines and Parquet, cut into shards."""
