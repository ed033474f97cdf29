"""How a text GAN is trained: how the critic's judgement reaches the writer, the loss, the guard against collapse."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from engine.config.adversary import NoAdversary
from engine.config.best_checkpoint import OF_WRITERS
from engine.config.choice import Choice, setting
from engine.config.data import DataConfig
from engine.config.model import Model
from engine.config.optimizer import Adam, Constant, Optimizer, Schedule
from engine.config.roles import TEXT
from engine.config.tasks.task_type import Ability, Misfit, TaskSpec, TaskType
from engine.config.training import TrainingConfig
from engine.messages import message


class GumbelSoftmax(Choice):
    """Words are drawn softly, so that the critic's gradient reaches the writer.

    The softness ends as the inverse temperature rises (Jang 2017; RelGAN, Nie 2019).
    """

    model_config = ConfigDict(title="Gumbel-softmax")
    name: Literal["gumbel-softmax"] = "gumbel-softmax"
    first_inverse_temperature: float = setting(
        1.0, gt=0.0, le=10_000.0, title="Sharpness at first", help="The inverse temperature of the first update."
    )
    last_inverse_temperature: float = setting(
        100.0, gt=0.0, le=10_000.0, title="Sharpness at last", help="The inverse temperature of the last update."
    )
    annealing: Literal["exponential", "linear", "none"] = setting(
        "exponential",
        title="Annealing",
        help="How the inverse temperature gets from the first to the last value; none: it stays at the first.",
        words={"exponential": "Exponential", "linear": "Linear", "none": "None"},
    )


class Reinforce(Choice):
    """Words are drawn for good, and texts that the critic likes more than usual are made likelier (Williams 1992)."""

    model_config = ConfigDict(title="REINFORCE with a baseline")
    name: Literal["reinforce"] = "reinforce"
    baseline_memory: float = setting(
        0.9, ge=0.0, lt=1.0, title="Memory of the baseline", help="How slowly the usual reward follows the newest one."
    )
    entropy_weight: float = setting(
        0.01, ge=0.0, le=10.0, title="Variety", help="How much an undecided choice of words is rewarded (entropy)."
    )


Estimator = Annotated[GumbelSoftmax | Reinforce, Field(discriminator="name")]


class StandardLoss(Choice):
    """Real or invented as a yes-or-no question (Goodfellow 2014, the non-saturating form)."""

    model_config = ConfigDict(title="Standard")
    name: Literal["standard"] = "standard"


class RelativisticLoss(Choice):
    """Is this real text more real than that invented one? (Jolicoeur-Martineau 2019)"""

    model_config = ConfigDict(title="Relativistic")
    name: Literal["relativistic"] = "relativistic"


class HingeLoss(Choice):
    """What is judged surely enough teaches no more (Lim & Ye 2017)."""

    model_config = ConfigDict(title="Hinge")
    name: Literal["hinge"] = "hinge"


class WassersteinLoss(Choice):
    """The distance between real and invented texts, its slope held near 1 (WGAN-GP, Gulrajani 2017)."""

    model_config = ConfigDict(title="Wasserstein with gradient penalty")
    name: Literal["wasserstein-gp"] = "wasserstein-gp"
    penalty: float = setting(
        10.0, ge=0.0, le=1000.0, title="Gradient penalty", help="How firmly the slope of the critic is held near 1."
    )


GanLoss = Annotated[StandardLoss | RelativisticLoss | HingeLoss | WassersteinLoss, Field(discriminator="name")]


class Guard(Choice):
    """What happens when the writer begins to repeat itself."""

    model_config = ConfigDict(title="Guard against collapse")
    action: Literal["go-back", "soften", "stop", "tell"] = setting(
        "go-back",
        title="When variety collapses",
        help="Go back to the best checkpoint with a softer temperature and smaller steps, only soften, stop, or only "
        "say so.",
        words={
            "go-back": "Go back and soften",
            "soften": "Soften the temperature",
            "stop": "Stop at the best",
            "tell": "Only tell me",
        },
    )
    self_bleu_margin: float = setting(
        0.15,
        gt=0.0,
        le=1.0,
        title="Self-BLEU above real text",
        help="Texts that resemble each other by so much more than real ones count as collapsed.",
    )
    distinct_share: float = setting(
        0.6,
        gt=0.0,
        le=1.0,
        title="Least variety",
        help="Fewer different word pairs than this share of real text's count as collapsed.",
    )
    max_returns: int = setting(
        3, ge=1, le=100, title="Returns", help="After so many returns to the best checkpoint the training ends."
    )


class TextGan(TaskSpec):
    """Invent texts like yours: a writer learns from a critic that learns to tell its texts from real ones."""

    model_config = ConfigDict(title="Invent texts")
    name: Literal["text-gan"] = "text-gan"
    estimator: Estimator = setting(
        GumbelSoftmax(), title="How judgement reaches the writer", help="Soft words, or trial and reward."
    )
    loss: GanLoss = setting(RelativisticLoss(), title="Loss", help="What writer and critic play for.")
    discriminator_steps: int = setting(
        5, ge=1, le=100, title="Critic's turns", help="Updates of the critic for each update of the writer."
    )
    discriminator_optimizer: Optimizer = setting(
        Adam(learning_rate=1e-4), title="Critic's optimizer", help="How the critic's gradient becomes a step."
    )
    discriminator_schedule: Schedule = setting(
        Constant(), title="Critic's schedule", help="How the critic's learning rate changes."
    )
    num_samples: int = setting(
        1000,
        ge=50,
        le=20_000,
        title="Texts for the meters",
        help="How many texts are invented for each measurement.",
    )
    guard: Guard = setting(Guard(), title="Guard against collapse", help="What happens when variety collapses.")

    @property
    def validated(self) -> tuple[str, ...]:
        return OF_WRITERS


def _misfit(task: TextGan, model: Model, training: TrainingConfig, data: DataConfig | None) -> Misfit | None:
    del task, model, data
    if isinstance(training.adversary, NoAdversary):
        return None
    advice = message("A text GAN has its adversary already, the critic: choose none (training.adversary.name=none).")
    return Misfit("training.adversary", advice)


TEXT_GAN: TaskType[TextGan] = TaskType(
    spec=TextGan,
    roles=(TEXT,),
    abilities=frozenset[Ability](("attend", "generate")),
    model_names=frozenset(("text-gan",)),
    misfit=_misfit,
    has_patience=False,
    knows_every_word=True,
)
