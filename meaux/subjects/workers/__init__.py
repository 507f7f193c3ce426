"""Workers: how many there are, what they answer, how fast, and what fails."""
