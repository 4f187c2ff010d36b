"""The fault campaign (`make faults`): what is promised in docs/adr/0003, under faults that are really injected."""
