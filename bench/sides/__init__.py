"""Our side of each comparison: scripts that run Dragoman and print their figures."""
