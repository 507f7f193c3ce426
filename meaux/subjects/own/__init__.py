"""Cards of one's own: `.sql` files in a folder, each with a heading and one SELECT."""
