"""Which initiative or technology a number is the result of."""
