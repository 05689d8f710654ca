"""Secrets in text from outside: found by shape, by value and by the name beside them."""
