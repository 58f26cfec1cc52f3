"""Ways to get a policy wrong: what `mutate` changes to see whether a case notices."""
