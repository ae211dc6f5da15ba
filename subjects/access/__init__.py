"""The answer to an access request: what is theirs, everybody else taken out, checked again before it leaves."""
