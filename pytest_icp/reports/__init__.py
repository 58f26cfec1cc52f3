"""Finished results in, text out; nothing here prints or knows pytest."""
