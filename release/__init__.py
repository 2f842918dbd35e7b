"""The making of a release: what goes into the archives besides the program, and the check of the archives."""
