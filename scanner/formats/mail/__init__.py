"""Mail as the internet writes it: messages, mailboxes, contacts, calendars, signatures."""
