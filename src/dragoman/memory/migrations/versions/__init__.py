"""One file for each step of the schema; a file that was released is never changed."""
