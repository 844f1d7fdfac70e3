"""What Rasa loads. Runs on the last Python that Rasa supports; see docs/decisions/0002."""
