"""How codegen refuses a model: the rule that it breaks, what was found, what to do."""

from splkit.errors import ModelError


def refused(rule: str, found: str, name: str) -> ModelError:
    """The error for a model, called `name`, that breaks a rule."""
    return ModelError(
        f"a model has {rule}", found=f"{found} ({name})", next_step="convert it again with a fixed batch of 1"
    )
