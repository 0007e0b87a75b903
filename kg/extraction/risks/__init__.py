"""Risks and opportunities, from tables, titled fields, lists and sentences."""
