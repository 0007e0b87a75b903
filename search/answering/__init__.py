"""From a question to an answer: what it asks, the query that finds facts, which of them answer, how it is said."""
