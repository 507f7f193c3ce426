"""Workers: how many there are, requests, error rate and response time."""
