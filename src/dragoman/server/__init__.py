"""The server: HTTP over a `dragoman.service.Service`. It imports no training framework."""
