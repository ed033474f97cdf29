"""The loop and what shapes it: optimizers, schedules, accumulation, checkpoints, devices."""
