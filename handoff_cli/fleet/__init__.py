"""A fleet's PostgreSQL database: its schema, what is written into it, what is read from it, what is measured of it."""
