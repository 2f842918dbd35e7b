"""The command line, a module a subcommand; it loads no Textual unless the app is opened."""
