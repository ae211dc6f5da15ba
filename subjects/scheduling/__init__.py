"""Monthly audits: what to scan and when go in, a timer of the system and a folder of dated audits come out."""
