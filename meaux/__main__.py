"""`python -m meaux`: the command line."""

from meaux.cli import app

if __name__ == "__main__":
    app(prog_name="python -m meaux")
