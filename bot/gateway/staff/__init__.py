"""The staff area at /staff: its own application, with its own errors, headers and sign-in."""
