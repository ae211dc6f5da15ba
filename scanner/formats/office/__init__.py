"""Office documents: Word, PowerPoint, OpenDocument, RTF, EPUB, and the containers that they come in."""
