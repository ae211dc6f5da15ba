"""Data that may be stored and nothing more, for a time (UK GDPR Article 18): markers, and what keeps to them."""
