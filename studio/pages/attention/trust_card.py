"""TrustCard: how far the map can be taken for the reason of the answer, every figure beside its control."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from engine.errors import AttuneError
from engine.records import Faithfulness, Trust
from studio.plots.attention.trust_bars import Compared, Measure, TrustBars, TrustPill
from studio.translation import tr, words
from studio.widgets.card import Card
from studio.widgets.labels import Caption


class TrustCard(Card):
    """Figures of one text; the last words say what they can and cannot tell."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Can you trust this map?"), "", parent)
        self.pill = TrustPill()
        self.bars = TrustBars()
        self._says = QLabel()
        self._says.setObjectName("trustSentence")
        self._says.setWordWrap(True)
        self._says.setProperty("kind", "second")
        self._says.setMinimumWidth(1)
        self._foot = Caption(tr("A map shows where it looks; the drops say whether that matters."), wrap=True)
        for widget in (self.pill, self._says, self.bars, self._foot):
            self.body.addWidget(widget)

    def show_trust(self, found: Faithfulness | None, error: AttuneError | None, *, is_measuring: bool) -> None:
        """None while it is measured, or where it cannot be: then the error says why."""
        self.setVisible(found is not None or error is not None or is_measuring)
        self.pill.setVisible(error is None)
        self.pill.set_trust(found.trust if found else None)
        self.bars.setVisible(found is not None)
        if error is not None:
            self._says.setText(words(error.what))
        elif found is None:
            self._says.setText(tr("Words are taken away to see what changes …"))
        else:
            self._says.setText(trust_sentence(found.trust, "comprehensiveness" in found.figures))
            self.bars.set_groups(groups_of(found))


def trust_sentence(trust: Trust, is_attention: bool) -> str:
    """What the figures come to."""
    if not is_attention:
        return {
            "strong": tr("There is no attention to judge; gradients agree well with what changes the decision here."),
            "fair": tr("There is no attention to judge; gradients agree partly with what changes the decision here."),
            "weak": tr("There is no attention to judge; gradients agree weakly with what changes the decision here."),
        }[trust]
    return {
        "strong": tr("Attention agrees well with what changes the decision here."),
        "fair": tr("Attention agrees partly with what changes the decision here."),
        "weak": tr("Attention agrees weakly with what changes the decision here."),
    }[trust]


def groups_of(found: Faithfulness) -> list[Compared]:
    """The figures that there are, each with its controls."""
    plans = (
        (
            tr("Take words away, and the probability drops by"),
            {"comprehensiveness": tr("words looked at most"), "comprehensiveness_random": tr("random words")},
            False,
        ),
        (
            tr("Keep only these words, and it drops by"),
            {"sufficiency": tr("words looked at most"), "sufficiency_random": tr("random words")},
            False,
        ),
        (
            tr("Same order of words as other methods (1 is the same)"),
            {
                "tau_leave_one_out": tr("leave one out"),
                "tau_gradient": tr("gradient × input"),
                "tau_gradient_leave_one_out": tr("gradient with leave one out"),
            },
            True,
        ),
        (tr("With uniform attention the probability drops by"), {"uniform_drop": tr("uniform attention")}, True),
        (
            tr("Words that truly decide, among those looked at most"),
            {"evidence": tr("attention"), "evidence_random": tr("random words")},
            False,
        ),
    )
    groups = []
    for title, names, signed in plans:
        measures = tuple(
            Measure(caption, found.figures[name], found.intervals.get(name))
            for name, caption in names.items()
            if name in found.figures
        )
        if measures:
            groups.append(Compared(title, measures, signed=signed))
    return groups
