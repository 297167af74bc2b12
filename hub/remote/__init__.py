"""Talking to systems: the only importer of requests. One way to send, whatever the system."""
