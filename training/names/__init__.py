"""Makes the weights of the name tagger: texts, teachers, invented papers, training, measuring."""
