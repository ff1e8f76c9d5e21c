"""Rasa graph components of this project: the only code that imports rasa."""
