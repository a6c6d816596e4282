"""What others do, written by us without importing Dragoman."""
