"""What this app adds to the side rail."""
