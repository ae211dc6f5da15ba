"""PDF: text, forms, notes, properties, scanned pages."""
