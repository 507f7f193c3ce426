"""What comes before a page: the server, the gate, sign-in, and what the API shares."""
