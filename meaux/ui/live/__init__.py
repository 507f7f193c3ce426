"""An open page that changes by itself, and the scripts that run in the browser."""
