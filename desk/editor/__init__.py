"""Editing knowledge: what a form holds, and what must be right before it is published."""
