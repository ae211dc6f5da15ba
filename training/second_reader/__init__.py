"""Makes the adapter of the second reader: Rampart, taught to tell people from things in the lines it is asked about."""
