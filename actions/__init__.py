"""The action server's skills: one module each. Rasa decides which runs; knowledge decides what is said."""
