"""Pictures: what is written in them, beside them and about them."""
