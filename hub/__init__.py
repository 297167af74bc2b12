"""Ciclo Hub: one lifecycle of every customer, from the tools a company already uses."""
