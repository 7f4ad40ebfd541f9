"""What a PostgreSQL server must hold before the services start: roles, schemas, migrations."""
