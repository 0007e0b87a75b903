"""The research pages: what the reports say side by side, each page filled by a query that it shows."""
