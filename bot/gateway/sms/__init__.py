"""The SMS channel, spoken with Twilio."""
