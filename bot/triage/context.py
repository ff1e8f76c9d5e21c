"""What a sentence says about a sign: denied, over, only imagined, or about somebody else.

A context lowers a level only where the message itself is plain; whatever leaves it open counts as
happening now. Negation reaches to the end of its clause ("but", "pero", a comma or a full stop),
and a cue inside the sign itself ("not breathing") denies nothing.
"""

from __future__ import annotations

from bot.triage.cues import Cues
from bot.triage.patterns import Parts, Span
from bot.triage.tokens import Tokens

NEGATION_REACH = 4  # words from a "no" to the sign that it denies
QUESTION_REACH = 5
PAST_REACH = 25
SPEAKS = frozenset(
    "says say said thinks think tells told dice dicen dijo cree piensa".split()  # noqa: SIM905
)
LINKERS = frozenset("or and nor any have had has a been ever ni o y a tiene tuvo to".split())  # noqa: SIM905
# They open a clause.
OPENERS = frozenset(("i", "he", "she", "they", "we", "my", "mi", "our"))
# Likewise, of a sign that asks: "no car do I call 911".
ASKING_OPENERS = frozenset(("do", "should", "shall"))
CONTROLLED = "controlled"  # known, treated and well; only for rules that name it
RESOLVED = "resolved"  # over and looked after: lowers an emergency; spasms may always come back
NO_SE = frozenset("si que como cuando por puede deja le lo".split())  # noqa: SIM905 - "no se si"
HELPERS = ("i", "we")  # "what do I do", "do we call": who asks for help
HELP_VERBS = frozenset(("hago", "hacemos"))
FICTION = "fiction"  # lowers every danger but a crisis, whatever the rule names
# A general question: about babies or the illness, with nobody of one's own in it.
OWN = frozenset(
    """he she him her his hers it i me we us my our mine ours they them mi mis me nos mio mia
    hijo hija nene nena ella esta""".split()  # noqa: SIM905 - a list of lines says no more
)
ASKS = frozenset(
    """what wat whats why how when which who where is are do does can could should would will may
    might que como cuando cual cuales quien donde puede pueden explain""".split()  # noqa: SIM905
)
JUDGES = frozenset("harmless dangerous hereditary genetic contagious benign peligroso".split())  # noqa: SIM905
MANY = frozenset("babies infants kids children newborns people parents bebes ninos".split())  # noqa: SIM905
ABOUT = frozenset(
    """spasm spasms seizure epilepsy iess syndrome startle reflex moro steroids acth vigabatrin
    keto relapse regression espasmo espasmos epilepsia sindrome""".split()  # noqa: SIM905
)
URGES = frozenset(
    "now help hurry please wait stop 911 ambulance ahora ayuda auxilio ambulancia ya para".split()  # noqa: SIM905
)
# "el bebe de mi cunada", "mi sobrino": a child that others look after.
LIKE = frozenset("like same as como igual igualito".split())  # noqa: SIM905
KIN_CHILD = frozenset("sobrino sobrina sobrinito sobrinita ahijado ahijada".split())  # noqa: SIM905
KIN = frozenset(
    """amiga amigo comadre compadre vecina vecino prima primo cunada cunado hermana hermano
    companera companero patrona patron jefa jefe""".split()  # noqa: SIM905
)


class Context:
    """The context of each sign in one message."""

    def __init__(self, tokens: Tokens, cues: Cues) -> None:
        self._tokens = tokens
        self._cues = cues
        self._found: dict[str, list[Span]] | None = None

    def _spans(self, name: str) -> list[Span]:
        if self._found is None:
            self._found = self._cues.find(self._tokens)
        return self._found[name]

    def of(self, parts: Parts, says_no: tuple[bool, ...]) -> set[str]:
        """Contexts that hold for a sign; a sign of several parts falls with any part denied.

        Args:
            parts: the spans of the sign.
            says_no: for each part, whether its pattern itself holds a denial.
        """
        names = set()
        if any(
            self._negated(part, parts) for part, no in zip(parts, says_no, strict=True) if not no
        ):
            names.add("negated")
        if any(self._past(part) for part in parts):
            names.add("past")
        if any(self._hypothetical(part) for part in parts) and not self._told_to_go_on(parts):
            names.add("hypothetical")
        if self._general(parts[0]):
            names.add("hypothetical")
        if self._other(parts[0]):
            names.add("other_person")
        if self._spans("fiction") and not self._spans("right_now"):
            names |= {"hypothetical", FICTION}
        if self._of_other_child(parts) or self._mended(parts):
            names |= {"hypothetical", FICTION}
        if (
            self._spans("resolved")
            and not self._spans("persists")
            and not any(self._present(part) for part in parts)
        ):
            over = self._spans("resolved")
            if all(
                any(cue[0] <= now[1] and now[0] <= cue[1] for cue in over)  # "now she is eleven"
                for now in self._same_sentence("present", parts[0])
            ):
                names.add(RESOLVED)
        if self._spans("controlled") and not self._spans("persists") and not self._spans("present"):
            names.add(CONTROLLED)
        if (
            self._spans("known_elsewhere")
            and not self._spans("persists")
            and self._of_others(parts[0])
            and all(
                self._told_as_over(now) or self._fright_after(now, parts)
                for now in self._same_sentence("present", parts[0])
            )
        ):
            names.add(CONTROLLED)
        return names

    def _plainly_told(self, parts: Parts) -> bool:
        """True where nothing in the whole message tells of now or of a danger that goes on."""
        return not (
            self._spans("right_now")
            or any(self._present(part) for part in parts)
            or not all(
                self._told_as_over(now)
                for now in (*self._spans("present"), *self._spans("persists"))
            )
        )

    def _told_as_over(self, now: Span) -> bool:
        """True for a word of the present that tells of no sign: "gone now", "can she fly again"."""
        told = (*self._spans("mended"), *self._spans("onward"))
        return any(cue[0] <= now[1] and now[0] <= cue[1] for cue in told)

    def _fright_after(self, now: Span, parts: Parts) -> bool:
        """True for a word of the present that only tells how a sign has frightened."""
        last = max(part[1] for part in parts)
        return any(
            cue[0] > last and cue[0] <= now[1] and now[0] <= cue[1] for cue in self._spans("fright")
        )

    def _of_other_child(self, parts: Parts) -> bool:
        """True for a sign of somebody else's child where the own one is said to be well."""
        others, well = self._spans("other_child"), self._spans("own_well")
        if not (others and well and self._plainly_told(parts)):
            return False
        last = {
            name: max((cue[0] for cue in cues if cue[0] <= parts[0][0]), default=-1)
            for name, cues in (("other", others), ("own", well))
        }
        return last["other"] > last["own"]

    def _mended(self, parts: Parts) -> bool:
        """True for what a month or season of the past has seen, told as over or treated."""
        return bool(
            self._spans("mended")
            and self._same_sentence("season", parts[0])
            and self._plainly_told(parts)
        )

    def _of_others(self, span: Span) -> bool:
        """True where the last one named up to the sign, in its sentence, is the child of others."""
        words, sentence = self._tokens.words, self._tokens.sentence
        # "Just like my friend's baby" is said of one's own.
        others = [
            cue
            for cue in self._same_sentence("friends_child", span)
            if LIKE.isdisjoint(words[max(0, cue[0] - 3) : cue[0]])
        ]
        for position in range(span[1], -1, -1):
            if sentence[position] != sentence[span[0]]:
                return False
            if words[position] in KIN_CHILD or self._child_of(position):
                return True
            if any(first <= position <= last for first, last in others):
                return True
            if words[position] in ("mio", "mia", "mine", "ours", "mijo", "mija"):
                return False
            # "Mi sobrino" is of others, "my 5 month old" is not.
            if words[position] in ("mi", "my", "our", "nuestro", "nuestra") and not (
                KIN.union(KIN_CHILD).intersection(words[position + 1 : position + 2])
            ):
                return False
        return False

    def _child_of(self, position: int) -> bool:
        """True for the grown-up in "el bebe de mi cunada"."""
        words = self._tokens.words
        return words[position] in KIN and any(
            words[i] in self._cues.child and words[i + 1] in ("de", "del")
            for i in range(max(0, position - 5), position - 1)
        )

    def _general(self, span: Span) -> bool:
        """True for a question about babies or the illness that names nobody and nothing now.

        The sentence of the sign must open as a question ("do babies ...", "what are ...") or
        judge the illness ("fever seizures, harmless?").
        """
        words, sentence = self._tokens.words, self._tokens.sentence
        first = span[0]
        while first and sentence[first - 1] == sentence[span[0]]:
            first -= 1
        said = frozenset(words)
        if any(self._asks_for_help((place, place)) for place in range(first, len(words))):
            return False
        judged = "?" in self._tokens.text and not JUDGES.isdisjoint(said)
        if not (words[first] in ASKS or judged) or not (OWN.isdisjoint(said)):
            return False
        one_of_many = not MANY.isdisjoint(said) or any(
            left in ("a", "an", "un", "una", "every", "normal") and right in self._cues.child
            for left, right in zip(words, words[1:], strict=False)
        )
        return (
            (one_of_many or not ABOUT.isdisjoint(said))
            and URGES.isdisjoint(said)
            and not self._tokens.values  # "every morning for nine days" is somebody's
            and not self._spans("present")
            and not self._spans("persists")
        )

    def _negated(self, span: Span, parts: Parts) -> bool:
        """True where a "no" before the sign, or inside its gaps, reaches it in the same clause.

        A sign that itself says "not" is never taken as denied: a double denial is unsure.
        """
        tokens, cues = self._tokens, self._cues
        first, last = span
        if last + 1 < len(tokens.words) and tokens.words[last + 1] in cues.free:
            return tokens.sentence[last + 1] == tokens.sentence[last]
        reach = max(first, last - NEGATION_REACH) if last > first else first
        for position in range(max(first, reach), last + 1):
            if tokens.words[position] in cues.negation and position < last:
                return not self._void(position) and tokens.clause[position] == tokens.clause[last]
        if tokens.words[first] in cues.subject | OPENERS | ASKING_OPENERS:
            return False  # the sign opens its own clause: "no fever he is seizing"
        for position in range(first - 1, max(-1, first - 1 - NEGATION_REACH), -1):
            if tokens.words[position] in OPENERS:
                return False
            if tokens.clause[position] != tokens.clause[first]:
                return False
            if any(part[0] <= position <= part[1] for part in parts):
                continue  # the "no" belongs to another part of the sign
            if tokens.words[position] in cues.negation:
                between = tokens.words[position + 1 : first]
                if between == ["fever"] or (len(between) > 1 and not LINKERS.intersection(between)):
                    return False  # "he has no fever" denies the fever, not what comes next
                return not self._void(position)
        return False

    def _void(self, position: int) -> bool:
        """True where a "no" denies nothing: "no problem", "no se si respira"."""
        following = [*self._tokens.words[position + 1 : position + 3], "", ""]
        if following[0] == "se":
            return following[1] in NO_SE
        return following[0] in self._cues.negation_void

    def _same_sentence(self, name: str, span: Span) -> list[Span]:
        sentence = self._tokens.sentence
        return [cue for cue in self._spans(name) if sentence[cue[0]] == sentence[span[0]]]

    def _past(self, span: Span) -> bool:
        if self._same_sentence("present", span):
            return False
        if self._present(span):
            return False
        if self._spans("past_message"):
            return True
        return any(
            max(cue[0], span[0]) - min(cue[1], span[1]) <= PAST_REACH
            for cue in self._same_sentence("past", span)
        )

    def _present(self, span: Span) -> bool:
        """True where a verb in the present stands in the sign or just before it."""
        words, first = self._tokens.words, max(0, span[0] - 2)
        return any(
            words[i] in self._cues.present_verb and "did" not in words[max(0, i - 2) : i]
            for i in range(first, span[1] + 1)  # "did not want" is past
        )

    def _hypothetical(self, span: Span) -> bool:
        tokens = self._tokens
        now = self._happening(span) or bool(self._same_sentence("present", span))
        if not self._spans("right_now"):
            if self._spans("unreal_strong"):
                return True
            near = any(
                abs(tokens.sentence[cue[0]] - tokens.sentence[span[0]]) <= 1
                for cue in self._spans("unreal")
            )
            if near and not self._spans("own_child") and not now:
                return True
        if now:
            return False
        for name in ("hypothetical", "question"):
            reach = QUESTION_REACH if name == "question" else 2 * QUESTION_REACH
            for cue in self._same_sentence(name, span):
                if self._asks_for_help(cue):
                    continue
                if cue[0] and tokens.words[cue[0]] == "que" and tokens.words[cue[0] - 1] in SPEAKS:
                    continue  # "dice que es el frio" tells, "que es el frio" asks
                if tokens.clause[cue[1]] != tokens.clause[span[0]] and name == "question":
                    continue
                if name == "question" and self._told_as_done(cue, span):
                    continue
                own = span[0] > 0 and tokens.words[span[0] - 1] in ("my", "our", "mi")
                if own and name == "question" and cue[1] < span[0] - 1:
                    continue  # "all babies do that my baby can not breathe"
                before = cue[1] <= span[0] and span[0] - cue[1] <= reach
                if before or (cue[0] <= span[0] <= cue[1]):
                    return True
        return False

    def _told_to_go_on(self, parts: Parts) -> bool:
        """True where a part outside the question says "still": "expired? he is still going"."""
        return any(
            cue[0] <= part[1] and part[0] <= cue[1]
            for cue in self._spans("persists")
            for part in parts
            if not self._hypothetical(part)
        )

    def _told_as_done(self, cue: Span, span: Span) -> bool:
        """True for what a question takes as done: "is it bad that we stopped prednisolone"."""
        words = [*self._tokens.words[cue[1] + 1 : span[0] + 2], ""]
        return any(
            who in HELPERS and (before in ("that", "because") or did.endswith("ed"))
            for before, who, did in zip(words, words[1:], words[2:], strict=False)
        )

    def _asks_for_help(self, cue: Span) -> bool:
        """True where a question asks what to do: "what do I do he won't wake up" is happening."""
        words = ["", *self._tokens.words, ""]
        first, last = cue[0] + 1, cue[1] + 1
        if words[last] == "do" and words[last + 1] in HELPERS:
            return True
        if words[first] == "do" and words[first - 1] in ("to", "2", *HELPERS):
            return True
        return not HELP_VERBS.isdisjoint(words[first : last + 1])

    def _happening(self, span: Span) -> bool:
        """True where the sign is told of a child in the present: "he is blue", "baby is limp"."""
        words = self._tokens.words
        return any(
            words[i] in ("is", "are", "esta", "am") and words[i - 1] in self._cues.subject
            for i in range(max(1, span[0] - 1), span[1] + 1)
        )

    def _other(self, span: Span) -> bool:
        """True for animals and toys, and for an adult's known illness."""
        tokens, cues = self._tokens, self._cues
        pronoun = False
        inside = tokens.words[span[0] : span[1] + 1]
        if inside[:1] in (["my"], ["the"], ["our"], ["mi"]) and cues.animal.intersection(
            inside[:4]
        ):
            return cues.child.isdisjoint(inside) and not {"like", "as"} & set(inside)
        for position in range(min(span[0], len(tokens.words) - 1), -1, -1):
            word = tokens.words[position]
            if tokens.clause[position] != tokens.clause[span[0]]:
                break
            if word in ("i", "we"):
                return False
            following = tokens.words[position + 1 : position + 2]
            if following and following[0] in SPEAKS:
                return False  # "my mom says": a speaker, not the one who is ill
            if word in ("he", "she", "him", "her", "his", "el", "ella"):
                pronoun = True
            elif word in cues.animal and {"like", "como"}.isdisjoint(
                tokens.words[max(0, position - 2) : position]
            ):
                return not pronoun
            elif word in cues.child or self._child_of(position):
                return False
            elif word in cues.adult:
                return (
                    not pronoun
                    and not self._same_sentence("present", span)
                    and not any(
                        w != "cuando" and w.endswith(("ing", "ando", "iendo"))
                        for w in tokens.words[max(0, span[0] - 1) : span[1] + 1]
                    )
                )
        return False
