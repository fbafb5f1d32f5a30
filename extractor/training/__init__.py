"""Trains what models/ ships; nothing here runs when a text is read."""
