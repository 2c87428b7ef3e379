"""`splkit quantize`."""

from pathlib import Path

import click

from splkit.commands.options import FILE, examples, force_option, json_option, print_json
from splkit.console import out, progress

EXAMPLES = examples(
    "splkit quantize runs/4k",
    "splkit quantize runs/4k --out dscrnn_4k.tflite --json",
)


@click.command("quantize", epilog=EXAMPLES)
@click.argument("run_dir", metavar="RUN", type=click.Path(path_type=Path, file_okay=False))
@click.option("--out", "out_path", type=FILE, help=".tflite to write; by default <model>.tflite in RUN.")
@force_option
@json_option
def command(run_dir: Path, out_path: Path | None, force: bool, as_json: bool) -> None:
    """Turn a trained run into a full-int8 .tflite and its model card (.json beside it)."""
    from splkit.quantize.run import count_scored_cycles, quantize_run

    target = out_path or run_dir / "dscrnn_4k.tflite"
    with progress("quantizing", count_scored_cycles(run_dir)) as advance:
        card = quantize_run(run_dir, target, advance, overwrite=force)
    if as_json:
        print_json(card.model_dump_json(indent=2))
        return
    out.print(f"{target}: {card.parameters:,} parameters, int8, trained on {card.trained_on}")
    if card.metrics:
        for name, accuracy in (("float", card.metrics.float32), ("int8", card.metrics.int8)):
            out.print(f"  {name}: {accuracy.text} on {card.metrics.data} potassium")
    out.print(f"  next: splkit export {target} --board nrf52 --out firmware")
