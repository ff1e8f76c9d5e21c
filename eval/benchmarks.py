"""Where public benchmarks lie: beside the project, because they are not ours to copy."""

from __future__ import annotations

from pathlib import Path

from tools.steps import ROOT

_PLACES = [parent / "shared" / "eval" for parent in ROOT.parents]
FOLDER: Path = next((place for place in _PLACES if place.is_dir()), _PLACES[0])
CLINC150 = FOLDER / "clinc150_full.json"
CLINC150_OOS_PLUS = FOLDER / "clinc150_oos_plus_train.json"
