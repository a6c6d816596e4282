"""The server: HTTP over a `dragoman.service.Service`. Nothing below imports it, and it imports no training framework."""
