"""Steps of the database's schema, in order."""
