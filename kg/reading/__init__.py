"""From bytes to a report's text, its blocks and its passages; the text itself is never changed."""
