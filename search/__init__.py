"""Finding passages and facts by words and by meaning, and answering questions from them."""
