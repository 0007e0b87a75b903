"""Numbers: observations and targets, from where a number stands to what it means."""
