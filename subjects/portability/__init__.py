"""What a person provided, given back in a form that a machine can read (UK GDPR Article 20)."""
