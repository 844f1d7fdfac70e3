"""A conversation: its states, its messages, its turns, its events."""
