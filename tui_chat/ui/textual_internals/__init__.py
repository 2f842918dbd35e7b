"""Everything that touches a private name of Textual's, and nothing else."""
