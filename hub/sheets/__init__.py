"""Spreadsheets: what a file's columns are, what each may be read as, and what a row then says. Nothing is stored here."""
