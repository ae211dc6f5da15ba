"""Which records are of one person: records in, people out, by keyed values alone."""
