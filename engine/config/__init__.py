"""Every choice that a person can make, as frozen pydantic models; one schema serves form, file and command line."""
