"""Reading reports, finding facts in them, and writing them as RDF."""
