"""The doctor's checks, a family a file; each looks at a `Case` and yields findings."""
