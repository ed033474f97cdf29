"""One text written for another, painted: arcs between the two, the alignment as a map, the tree of a search."""
