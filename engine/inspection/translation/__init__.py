"""One text written for another, looked into: where words come from, what was weighed, what leaving some out does."""
