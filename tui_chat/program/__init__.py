"""The parts put together: what the command line and the app run, whichever of them the user sees."""
