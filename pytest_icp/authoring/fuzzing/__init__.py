"""Fuzzing of policies (模糊测试): laws that every obligation keeps, tried around a description."""
