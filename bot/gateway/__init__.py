"""The one door: the only code that imports the web framework."""
