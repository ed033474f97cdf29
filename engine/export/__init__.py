"""Models out of the house, each checked against the studio's own answers before it is called done."""
