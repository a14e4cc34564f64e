"""`python -m stockscan.cli`, where the command itself is not on the path."""

from stockscan.cli import main

main()
