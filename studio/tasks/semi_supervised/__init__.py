"""Sort texts when few of them have a label: what the window knows of it."""
