"""Storage: bytes and objects stored, growth and cost."""
