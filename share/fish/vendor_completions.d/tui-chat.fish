# Asks the program when a completion is first wanted, so that it always fits the version that is installed.
tui-chat completion fish | source
