"""The settings: one documented schema, and the TOML file that holds them."""
