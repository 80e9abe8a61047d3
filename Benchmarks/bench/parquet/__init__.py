"""The group `parquet`: writing and reading files, their size, and the memory that it takes."""
