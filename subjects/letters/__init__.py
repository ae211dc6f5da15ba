"""Letters that a request needs on its way: to the person, and to those who received their data."""
