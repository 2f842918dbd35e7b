"""How the app looks: themes, what the settings make of it, plain characters, notices."""
