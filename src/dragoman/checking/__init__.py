"""One look at pairs before a model is trained on them: what they are, which are damaged, what is to be done about it."""
