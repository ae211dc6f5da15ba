"""Text: plain, HTML, XML."""
