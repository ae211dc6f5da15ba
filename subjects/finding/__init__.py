"""Where one person's data is: what is known of them in, findings with reasons out."""
