"""Reading a message: safety, privacy, language, meaning. The only room that both environments load (Python 3.10 and newer)."""
