"""Spanish words become pieces of the encoder's vocabulary, and start from their English gloss.

The pretrained vocabulary is English: "convulsiones" falls into five pieces that mean nothing. With
a piece of its own, which starts as the mean of the vectors of "seizures", a Spanish message is read
like its gloss in English from the first step of training on; and it has a third fewer pieces.

About 500 short words ("la", "casa") are pieces already. They start from their gloss, too, and so do
the English words that begin with them: words on which English leans are not in the file.

Source:
    Minixhofer et al. 2022, WECHSEL: vectors of a new language from those of near words of the old.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import ContentError
from tools.encoder_data import weights_folder

# As the pretrained tokenizer has them; the file that we change does not name their parts.
SPECIAL = {
    "unk_token": "[UNK]",
    "pad_token": "[PAD]",
    "cls_token": "[CLS]",
    "sep_token": "[SEP]",
    "mask_token": "[MASK]",
}


@dataclass(frozen=True)
class Vocabulary:
    """The tokenizer to train and serve with, and where its words start.

    Attributes:
        tokenizer: the pretrained one with the new words.
        glossed: English pieces of each word's gloss, by the word's own piece.
    """

    tokenizer: Any
    glossed: dict[int, list[int]]

    @property
    def size(self) -> int:
        """Number of pieces."""
        return len(self.tokenizer)

    def save(self, path: Path) -> None:
        """Write it as `tokenizers` reads it."""
        self.tokenizer.backend_tokenizer.save(str(path))


def read_glosses(path: Path) -> dict[str, str]:
    """English gloss of each word, from a file of lines `word<TAB>gloss`.

    Raises:
        ContentError: no such file, a line is not of this form, or a word stands there twice.
    """
    found: dict[str, str] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path}: {error}.") from error
    for number, line in enumerate(lines, 1):
        word, _, gloss = line.partition("\t")
        if not word.isalpha() or not gloss.strip() or word in found:
            raise ContentError(f"{path.name}:{number}: not a new word and its gloss: {line!r}.")
        found[word] = gloss
    return found


def widen(glosses: Mapping[str, str]) -> Vocabulary:
    """The pretrained vocabulary, with a piece for each word that has a gloss.

    Args:
        glosses: English gloss by word; lower case, without accents, as the tokenizer reads.

    Raises:
        ContentError: a gloss holds nothing that the pretrained vocabulary knows.
    """
    from tokenizers import Tokenizer
    from transformers import PreTrainedTokenizerFast

    content = json.loads((weights_folder() / "tokenizer.json").read_text("utf-8"))
    pieces: dict[str, int] = content["model"]["vocab"]
    # The file asks for texts of one length, filled up with padding.
    content["padding"] = content["truncation"] = None
    english = Tokenizer.from_str(json.dumps(content))
    glossed = {}
    for word, gloss in glosses.items():
        ids = english.encode(gloss, add_special_tokens=False).ids
        if not ids or english.token_to_id(SPECIAL["unk_token"]) in ids:
            raise ContentError(f"the gloss of {word!r} says nothing: {gloss!r}.")
        # In the vocabulary itself: the tokenizer would cut a token that is added later out of
        # the middle of other words.
        glossed[pieces.setdefault(word, len(pieces))] = ids
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=Tokenizer.from_str(json.dumps(content)), **SPECIAL
    )
    return Vocabulary(tokenizer, glossed)
