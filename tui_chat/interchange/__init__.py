"""Conversations from and for other programs."""
