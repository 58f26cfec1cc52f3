"""Parsers that evaluate, or are written in C or Go, run in a child process (子进程) with limits."""
