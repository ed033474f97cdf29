"""Many runs as one question: which variants there are, how they are run one after the other, and what they say."""
