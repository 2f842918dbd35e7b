"""The chat screen: the conversation that is shown, its replies while they come, and the rows around it."""
