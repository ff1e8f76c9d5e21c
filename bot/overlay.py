"""Published texts laid over the files of data/: the same loaders read both.

A version's text is laid over a copy of the folder, which is then loaded as any other. So what
staff publish is held to what git's own files are held to, and an export is the same files.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from bot.content import LOADER, Review, read_yaml
from bot.curated import answer_yaml, put_review, put_safety, safety_yaml
from bot.errors import ContentError
from bot.source import load_page
from bot.standing import drop_lost
from bot.store.content_tables import Snapshot, Version
from bot.topics import TOPICS

FILES: Mapping[str, str] = {"check": "spasm_check.yml", "phrases": "phrases.yml"}
SAFETY = Path("safety") / "texts.yml"


def parse(body: str, where: str) -> dict[str, Any]:
    """The contents of a version's text.

    Raises:
        ContentError: it is not YAML, or holds no fields.
    """
    try:
        raw = yaml.load(body, Loader=LOADER)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        raise ContentError(f"{where}: {error}") from error
    if not isinstance(raw, dict):
        raise ContentError(f"{where}: holds no fields.")
    return raw


def base_body(data_dir: Path, kind: str, key: str) -> str:
    """The text in data/ that a first version begins from.

    Raises:
        ContentError: there is no such text.
    """
    if kind == "answer":
        # A key may come from a form: it is never a way to another file.
        if key not in TOPICS:
            raise ContentError(f"there is no topic {key!r}.")
        return answer_yaml(read_yaml(data_dir / "answers" / f"{key}.yml"))
    if kind == "safety":
        raw = read_yaml(data_dir / SAFETY)
        if key not in raw:
            raise ContentError(f"texts.yml has no text {key!r}.")
        return yaml.safe_dump(raw[key], allow_unicode=True, sort_keys=False, width=10_000)
    if kind in FILES:
        return (data_dir / FILES[kind]).read_text(encoding="utf-8")
    if kind == "page":
        page = load_page(data_dir / "source")
        meta = read_yaml(data_dir / "source" / "iess.yml")
        return page_body(page.text, page.title, page.date, meta.get("subheadings", []))
    raise ContentError(f"there is nothing of the kind {kind!r}.")


def page_body(text: str, title: str, date: str, subheadings: Sequence[str]) -> str:
    """The text of a page version; the page's own words stay as they are."""
    raw = {"title": title, "date": date, "subheadings": list(subheadings), "text": text}
    return yaml.safe_dump(raw, allow_unicode=True, sort_keys=False, width=10_000)


def signed(version: Version) -> dict[str, Any]:
    """The contents of a version with the signatures it has got since."""
    raw = parse(version.body, f"version {version.id}")
    if version.kind != "page":
        reviews = {form: dict(block) for form, block in raw["review"].items()}
        for approval in version.approvals:
            reviews[approval.form] = _block(
                approval.form,
                Review(
                    "approved",
                    approval.person.name,
                    approval.on,
                    approval.expires,
                    approval.translator,
                ),
            )
        raw["review"] = reviews
    return raw


def _block(form: str, review: Review) -> dict[str, Any]:
    """A review as the files hold it."""
    block: dict[str, Any] = {"status": review.status, "by": review.by}
    if form != "en":
        block["translator"] = review.translator
    return {**block, "on": review.on, "expires": review.expires}


def write_over(folder: Path, versions: Sequence[Version]) -> list[Path]:
    """Write versions into a folder laid out as data/ is; gives the files that changed.

    Raises:
        ContentError: a text does not fit the folder.
    """
    written: dict[Path, str] = {}

    def current(path: Path) -> str:
        return written.get(path) or (folder / path).read_text(encoding="utf-8")

    for version in versions:
        raw = signed(version)
        if version.kind == "answer":
            written[Path("answers") / f"{version.key}.yml"] = answer_yaml(raw)
        elif version.kind == "safety":
            block = safety_yaml(version.key, raw)
            written[SAFETY] = put_safety(current(SAFETY), version.key, block)
        elif version.kind in FILES:
            written[Path(FILES[version.kind])] = put_review(version.body, raw["review"])
        elif version.kind == "page":
            written[Path("source") / "iess.txt"] = raw["text"]
            written[Path("source") / "iess.yml"] = _page_yaml(current, raw)
    changed = []
    for path, text in written.items():
        target = folder / path
        if target.exists() and target.read_bytes() == text.encode("utf-8"):
            continue
        target.unlink(missing_ok=True)  # a link must not be written through
        target.write_bytes(text.encode("utf-8"))
        changed.append(path)
    return changed


def _page_yaml(current: Any, raw: Mapping[str, Any]) -> str:
    """iess.yml for a new page; the address and its comment stay."""
    digest = hashlib.sha256(raw["text"].encode("utf-8")).hexdigest()
    kept = [
        line
        for line in current(Path("source") / "iess.yml").splitlines()
        if line.startswith(("#", "url:"))
    ]
    fields = {"title": raw["title"], "date": str(raw["date"]), "sha256": digest}
    fields |= {"subheadings": raw["subheadings"]} if raw["subheadings"] else {}
    return "\n".join([*kept, yaml.safe_dump(fields, allow_unicode=True, sort_keys=False)])


@contextmanager
def laid_over(data_dir: Path, snapshot: Snapshot) -> Iterator[Path]:
    """A folder laid out as data/ with what is live in it; gone afterwards.

    What rests on words of a page that a published page no longer has (words of the glossary,
    translations, follow-ups) is left out of it.

    Raises:
        ContentError: a published text does not fit.
    """
    if not snapshot.live:
        yield data_dir
        return
    with tempfile.TemporaryDirectory(prefix="iess-content-") as name:
        folder = Path(name)
        for path in data_dir.rglob("*"):
            target = folder / path.relative_to(data_dir)
            if path.is_dir():
                target.mkdir(parents=True, exist_ok=True)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.symlink_to(path.resolve())
        write_over(folder, list(snapshot.live.values()))
        if ("page", "iess") in snapshot.live:
            drop_lost(folder, load_page(folder / "source"))
        yield folder
