"""Several models side by side: one prompt, and the replies of all in columns."""
