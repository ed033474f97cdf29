"""The wizard: five steps from a goal to a run that starts."""

from studio.pages.wizard.page import WizardPage

__all__ = ["WizardPage"]
