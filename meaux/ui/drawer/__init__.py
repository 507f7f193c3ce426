"""The drawer: the data of a card, the rows behind a number, and what changed."""
