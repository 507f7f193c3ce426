"""AI: the models, the tokens that they take, the conversations, and what all that costs."""
