"""Word counting: n-grams of token ids, the linear model of them, how it is chosen and fitted, and what answers by it."""
