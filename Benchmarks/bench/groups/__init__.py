"""One module for each group, with `run(context)`, which yields rows."""
