"""Growing Markdown to lines of Rich segments, at constant cost per token. Knows nothing of chat."""
