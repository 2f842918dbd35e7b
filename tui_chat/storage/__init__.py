"""SQLite: migrations, conversations, the journal of replies under way."""
