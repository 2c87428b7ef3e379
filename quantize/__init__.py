"""int8 conversion, the model card, the bundled reference model, and the oracle."""

from typing import TYPE_CHECKING

from splkit.names import lazily

if TYPE_CHECKING:
    from splkit.quantize.card import ModelCard as ModelCard
    from splkit.quantize.carried import card_for as card_for
    from splkit.quantize.carried import network_sha256 as network_sha256
    from splkit.quantize.carried import with_card as with_card
    from splkit.quantize.carried import without_card as without_card
    from splkit.quantize.estimate import Estimate as Estimate
    from splkit.quantize.estimate import Estimator as Estimator
    from splkit.quantize.reference import reference_model as reference_model
    from splkit.quantize.run import Outputs as Outputs
    from splkit.quantize.run import quantize_run as quantize_run
    from splkit.quantize.stated import stated_card as stated_card

_MODULES = {
    "ModelCard": "card",
    "card_for": "carried",
    "network_sha256": "carried",
    "with_card": "carried",
    "without_card": "carried",
    "Estimate": "estimate",
    "Estimator": "estimate",
    "reference_model": "reference",
    "Outputs": "run",
    "quantize_run": "run",
    "stated_card": "stated",
}
__all__ = list(_MODULES)
__getattr__ = lazily(__name__, _MODULES)
