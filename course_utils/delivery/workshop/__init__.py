"""A workshop: the hub of a class on one machine, its rehearsal, what participants check before."""
