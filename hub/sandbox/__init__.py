"""The invented company and the behaviours that every stand-in shares."""
