"""Pages for people: a result goes in, one HTML file that needs nothing from anywhere comes out."""
