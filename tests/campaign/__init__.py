"""The fault campaign: seeded cases of what goes wrong on other people's machines. `python -m tests.campaign --help`."""
