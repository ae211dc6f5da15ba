"""Archives and packed files: members come out as children, never onto the disk by name."""
