"""How good is it: measures on messages that nothing was trained on."""
