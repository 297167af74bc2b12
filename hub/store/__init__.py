"""What the hub keeps: tables, the queries over them, and the ledger of work; the only importer of sqlalchemy."""
