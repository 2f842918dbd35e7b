"""One reply's life as a coroutine: StreamManager, Stop, TokenBuffer, recovery, metrics. No Textual, no printing."""
