"""The messages of a conversation: their list, the widget of each, and the sections that these are drawn of."""
