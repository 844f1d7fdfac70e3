"""Learning from misses: noticing them, grouping them, deciding on them, and telling the students who asked."""
