"""The topics of the contract, and the finer intents that roll up into context."""

from __future__ import annotations

INFORMATIONAL: tuple[str, ...] = (
    "what_is", "also_known_as", "causes", "genetic_causes", "metabolic_causes", "signs",
    "spasm_vs_startle_colic_reflux", "age_onset_prognosis", "pain", "other_signs_development",
    "video_recording", "diagnosis", "eeg", "hospital_stay_tests", "who_treats", "treatment",
    "hormonal_therapy", "vigabatrin", "vigabatrin_vision", "surgery", "ketogenic_diet",
    "tsc_clinic", "rehab", "development_support", "family_support", "research_trials",
    "program", "appointment",
)  # fmt: skip
FALLBACKS: tuple[str, ...] = ("other_medical", "off_topic")
SMALLTALK: tuple[str, ...] = ("human", "bot_identity", "greet", "thanks", "goodbye")
TOPICS: tuple[str, ...] = INFORMATIONAL + FALLBACKS + SMALLTALK

LANGUAGES: tuple[str, ...] = ("en", "es")
CHANNELS: tuple[str, ...] = ("web", "sms")
