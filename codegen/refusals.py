"""How codegen refuses a model: the rule that it breaks, what was found, what to do."""

from splkit.codegen.graph import Operator
from splkit.errors import ModelError


def refused(rule: str, found: str, name: str) -> ModelError:
    """The error for a model, called `name`, that breaks a rule."""
    return ModelError(
        f"a model has {rule}", found=f"{found} ({name})", next_step="convert it again with a fixed batch of 1"
    )


def refuse(operator: Operator, found: str, supported: str) -> ModelError:
    """The error for an operator, type or shape outside what the generator can do."""
    return ModelError(
        f"{operator.kind} is exported with {supported}",
        found=f"{found} in {operator.label}",
        next_step="change that layer and convert again, or see docs/operators.md",
    )
