"""Word counting: n-grams of token ids, the linear model of them, how it is chosen and fitted, what answers by it."""
