"""Write text: a language model on streams of texts."""
