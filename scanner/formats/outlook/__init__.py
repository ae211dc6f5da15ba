"""Mail as Outlook keeps it: items, mailboxes, and the wrappings that it sends."""
