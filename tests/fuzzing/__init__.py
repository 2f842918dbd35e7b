"""A fuzzer: every decoder of what comes from outside gets structured garbage. `scripts/fuzz` runs it for long."""
