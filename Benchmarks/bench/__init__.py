"""Compares TokyoData with its peers: Benchmarks/run is the way in."""
