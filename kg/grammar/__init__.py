"""How quantities are written: digits, numerals, ranges, comparators, degrees, and what only looks like one."""
