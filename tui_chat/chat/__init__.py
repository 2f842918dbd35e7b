"""The domain as pure values: conversations, messages, stream events, usage, errors; and the Protocols parts meet by."""
