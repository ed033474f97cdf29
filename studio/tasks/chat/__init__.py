"""What the window shows of a run that chats."""
