"""Fuzzing of policies (模糊测试): tests laws that every obligation keeps around a description."""
