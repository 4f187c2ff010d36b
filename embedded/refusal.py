class Refusal(Exception):
    """A start that cannot go on; its text is one sentence with the exact remedy."""
