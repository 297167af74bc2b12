"""How each system's records read as ours, one file a system."""
