"""The wizard: five steps from a goal to a run that starts."""
