"""Mutation of policies: what `mutate` changes to see whether a case notices."""
