"""The wizard for runs with few labels: that of any sorting, with the generator's settings and a sentence about it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from engine.messages import message
from studio.tasks.classification.paragraph import paragraph
from studio.tasks.classification.wizard import WIZARD as OF_SORTING
from studio.tasks.semi_supervised.forms import FewLabelsForms

_GENERATOR = message("A generator invents summaries of texts; telling them from real ones teaches the model as well.")

WIZARD = replace(OF_SORTING, make_forms=FewLabelsForms, paragraph=partial(paragraph, also=(_GENERATOR,)))
