"""E-mail: one outbox that every e-mail goes through, and the ways out of the house."""
