"""How long things are kept, what leaves when, and who may stop that."""
