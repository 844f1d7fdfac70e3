"""The curated pathway knowledge base: content, storage, search. A library; nothing here talks to a network."""
