"""Initiatives: named plans, projects and cases, who leads them, where, and what they belong to."""
