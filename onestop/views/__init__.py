"""The pages of the one-stop room."""
