"""What the window knows of each task: one folder a task, registered once."""
