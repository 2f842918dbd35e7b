"""The room where prompts are written: the text area, pastes, drafts, the editor, and the prompts that wait."""
