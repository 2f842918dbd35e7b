"""Adapters, each a thin and total map from a vendor's events and errors to ours; models and prices."""
