"""How codegen refuses a model: what breaks a rule, the rule, what was found, what to do."""

from splkit.codegen.graph import Operator
from splkit.errors import ModelError


def refused(rule: str, found: str, name: str, next_step: str = "convert it again") -> ModelError:
    """The error for a model, called `name`, that must have what `rule` says."""
    return ModelError(f"{name} has {rule}", found=found, next_step=next_step)


def refuse(operator: Operator, found: str, supported: str) -> ModelError:
    """The error for an operator, type or shape outside what the generator can do."""
    return ModelError(
        f"{operator.label} is compiled with {supported}",
        found=found,
        next_step=f"change that layer and convert again; splkit operators {operator.kind} has the limits",
    )
