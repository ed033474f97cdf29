"""One text written for another, looked into: where each word comes from, what was weighed, what leaving words out does."""
