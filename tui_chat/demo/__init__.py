"""A scriptable, fault-injecting server that speaks the Messages wire on loopback."""
