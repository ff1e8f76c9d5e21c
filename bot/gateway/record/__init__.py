"""What is noted of messages after they were answered: counts, and texts where a hospital keeps them."""
