"""Our components of Rasa's pipeline. Imported by Rasa from config.yml; they may import only `language`."""
