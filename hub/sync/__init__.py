"""Keeping records current: reading streams, taking pushes, planning what is due, deriving customers."""
