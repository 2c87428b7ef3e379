"""Who lives where in the arena, and when: the memory plan of a model, as rows to print."""

from pydantic import BaseModel, ConfigDict

from splkit.codegen.compile import CompiledModel


class ArenaBuffer(BaseModel):
    """A stretch of the arena, alive from the start of layer `first` to the end of layer `last`.

    Attributes:
        name: the tensor, or the layer whose scratch it is.
        offset: bytes from the start of the arena.
        size: bytes.
        first: name of the layer that writes it first.
        last: name of the last layer that needs it.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    offset: int
    size: int
    first: str
    last: str


def memory_map(model: CompiledModel) -> tuple[ArenaBuffer, ...]:
    """The arena's buffers, in the order in which they come alive."""
    rows = sorted(model.plan.allocations, key=lambda each: (each.first, each.offset))
    return tuple(
        ArenaBuffer(
            name=each.name,
            offset=each.offset,
            size=each.size,
            first=model.all_layers[each.first].name,
            last=_last_that_runs(model, each.first, each.last),
        )
        for each in rows
    )


def alive_bytes(model: CompiledModel) -> dict[str, int]:
    """Bytes of the arena that are in use while each layer runs, by its name."""
    return {
        layer.name: sum(each.size for each in model.plan.allocations if each.first <= i <= each.last)
        for i, layer in enumerate(model.all_layers)
        if layer.kernel
    }


def _last_that_runs(model: CompiledModel, first: int, last: int) -> str:
    """The last layer with code: views run nothing, and the result is read behind all layers."""
    layers = model.all_layers[first : last + 1]
    return next(layer.name for layer in reversed(layers) if layer.kernel)
