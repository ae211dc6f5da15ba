"""Text in, spans out: what personal data stands in a text, how sure we are, and why."""
