"""Notes of messages that were answered: counts, and texts where a hospital keeps them."""
