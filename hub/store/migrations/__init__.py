"""The database's history. A migration runs beside the previous release: adding and removing are different deploys."""
