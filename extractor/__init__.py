"""Reads incidents out of articles."""
