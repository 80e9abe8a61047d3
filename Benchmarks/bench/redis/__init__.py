"""The group `redis`: values over the network, a cache in memory, and a routed query that finds its states in Redis."""
