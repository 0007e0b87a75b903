"""Adding, correcting and removing reports while the server runs, for those who know its token."""
