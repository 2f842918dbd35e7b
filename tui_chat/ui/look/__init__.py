"""The look of the app: themes, what the settings make of it, plain characters, notices."""
