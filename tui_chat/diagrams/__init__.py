"""Mermaid diagrams drawn as text."""
