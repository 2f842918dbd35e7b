"""OpenTelemetry, for those who run a collector: a span for each reply, and histograms. Nothing is sent unasked."""

from tui_chat.telemetry.collector import Target, TelemetryClient

__all__ = ["Target", "TelemetryClient"]
