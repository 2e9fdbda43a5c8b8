"""What is kept: tables, queries, migrations. No rows escape it, only records."""
