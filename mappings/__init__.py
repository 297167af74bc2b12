"""How each system's records read as ours, one module a system."""
