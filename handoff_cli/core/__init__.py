"""Values and rules: pure functions over immutable values; standard library only, no files, clock or environment."""
