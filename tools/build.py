"""Build what is missing or stale: `python -m tools.build`, in .venv.

The website widget, then the encoder, then Rasa's model, which stands on the encoder's
vectors. A step is done again only where what it is made from has changed.
`python -m tools.build validate` runs Rasa's own check of the training data instead.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.build_widget import build as build_widget
from tools.steps import LOGS, ROOT, Commands, StepError, Ticker, report, say, tail

VAR = ROOT / "var"
MODEL = VAR / "models" / "iess.tar.gz"
STAMP = MODEL.with_name("iess.stamp")
NLU = ("data/nlu.yml", "data/nlu_es.yml")
DATA = (*NLU, "data/rules.yml", "data/stories.yml")
PROJECT = ("config.yml", "domain.yml", *DATA)
# Code that runs while Rasa trains, and the Rasa that does.
CODE = (
    "bot/nlu",
    "bot/triage",
    "bot/encoder.py",
    "bot/shorthand.py",
    "requirements/rasa.lock",
)
PYTHON = str(ROOT / ".venv-rasa" / "bin" / "python")
QUIET = (PYTHON, "-W", "ignore::DeprecationWarning", "-m")
RASA = (*QUIET, "rasa")
TRAIN = (*QUIET, "bot.nlu.train")
RASA_ENVIRON = {
    "PYTHONPATH": str(ROOT),
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    # Our own stamp decides; Rasa's cache does not know all that the model is made from.
    "RASA_MAX_CACHE_SIZE": "0",
    "RASA_CACHE_DIRECTORY": str(VAR / "rasa-cache"),
}


def files(root: Path, names: Iterable[str]) -> list[Path]:
    """The named files, and those in the named folders, in a fixed order."""
    found: list[Path] = []
    for name in names:
        path = root / name
        inside = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        found.extend(inside)
    return found


def fingerprint(root: Path = ROOT) -> str:
    """A hash of all that Rasa's model is made from.

    Raises:
        StepError: one of the files is missing.
    """
    digest = hashlib.sha256()
    meta = root / "var" / "encoder" / "current" / "meta.json"
    for path in [*files(root, (*PROJECT, *CODE)), meta]:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise StepError(
                f"{path} is missing; the model cannot be trained without it."
            ) from error
        digest.update(f"{path.relative_to(root)} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def is_current(expected: str) -> bool:
    """Whether the trained model is there and was made from the same."""
    return MODEL.exists() and STAMP.exists() and STAMP.read_text("ascii").strip() == expected


def build_encoder(commands: Commands) -> None:
    """Let tools/build_encoder.py do what it finds to do; it prints its own progress."""
    log = LOGS / "build-encoder.log"
    log.unlink(missing_ok=True)
    command = [sys.executable, "-m", "tools.build_encoder"]
    environ = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "VAR_DIR": str(VAR)}
    if commands.run(command, log, environ, say):
        raise StepError("The encoder could not be built.", log)


def train(commands: Commands) -> None:
    """Train Rasa's model beside the one in use, then put it in its place.

    Raises:
        StepError: Rasa failed, or left no model.
    """
    expected = fingerprint()
    if is_current(expected):
        say("Rasa's model is up to date.")
        return
    log = LOGS / "train.log"
    log.unlink(missing_ok=True)
    fresh = VAR / "models" / ".new"
    shutil.rmtree(fresh, ignore_errors=True)
    command = [*TRAIN, "--config", "config.yml", "--domain", "domain.yml"]
    command += [
        "--data",
        *DATA,
        "--out",
        str(fresh),
        "--fixed-model-name",
        "iess",
        "--force",
        "--quiet",
    ]
    with Ticker("Train Rasa (about three minutes)"):
        if commands.run(command, log, RASA_ENVIRON):
            raise StepError("Rasa could not be trained.", log)
        built = fresh / MODEL.name
        if not built.exists():
            raise StepError("Rasa trained but left no model.", log)
    STAMP.unlink(missing_ok=True)
    built.replace(MODEL)
    STAMP.write_text(expected + "\n", encoding="ascii")
    shutil.rmtree(fresh, ignore_errors=True)


def validate(commands: Commands) -> None:
    """Rasa's own check of the training data; a warning fails it."""
    log = LOGS / "validate.log"
    log.unlink(missing_ok=True)
    command = [*RASA, "data", "validate", "--fail-on-warnings", "--config", "config.yml"]
    command += ["--domain", "domain.yml", "--data", *DATA]
    with Ticker("Rasa validates its data"):
        if commands.run(command, log, RASA_ENVIRON):
            raise StepError("Rasa's validation of data/ failed.", log)
    # Rasa says with a good exit code that it was given nothing to check.
    if "No story structure conflicts found" not in log.read_text(encoding="utf-8"):
        raise StepError(f"Rasa validated nothing:\n{tail(log)}", log)


def main(arguments: Sequence[str]) -> int:
    """Build, or validate. Gives the exit code."""
    commands = Commands()
    try:
        if list(arguments) == ["validate"]:
            validate(commands)
        else:
            build_widget(commands)
            build_encoder(commands)
            train(commands)
    except StepError as error:
        report(error)
        return 1
    except OSError as error:
        report(StepError(f"{error.strerror or error} ({error.filename})."))
        return 1
    except KeyboardInterrupt:
        report(StepError("Interrupted. Run this again to go on."))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
