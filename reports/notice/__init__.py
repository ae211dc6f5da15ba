"""Privacy notices: what one says, against what a report found and what the law is today."""
