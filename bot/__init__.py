"""Family education about infantile epileptic spasms syndrome (IESS)."""
