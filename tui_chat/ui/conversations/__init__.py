"""All conversations: the list that finds, opens, renames and deletes them."""
