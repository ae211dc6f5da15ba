"""The audit's command, and what it reads of a home."""
