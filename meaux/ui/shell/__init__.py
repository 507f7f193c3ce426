"""What is around a page: its title, the filters that are set, saved views and its link."""
