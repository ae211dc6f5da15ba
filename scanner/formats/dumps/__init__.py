"""Dumps of databases: SQL scripts of all dialects, PostgreSQL's archives, mysqldump's XML."""
