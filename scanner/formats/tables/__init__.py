"""Tables: CSV, JSON, Parquet, Arrow, Avro, SQLite, and the blocks of columns that all of them make."""
