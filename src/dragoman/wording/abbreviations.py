"""What people write short in chat, by language: no corpus of clean sentences teaches it."""

from __future__ import annotations

ABBREVIATIONS: dict[str, dict[str, str]] = {
    "en": {
        "u": "you", "ur": "your", "r": "are", "thx": "thanks", "thnx": "thanks", "tnx": "thanks", "ty": "thank you",
        "pls": "please", "plz": "please", "ppl": "people", "bc": "because", "cuz": "because", "coz": "because",
        "tmrw": "tomorrow", "tmr": "tomorrow", "msg": "message", "idk": "I don't know", "btw": "by the way",
        "sth": "something", "smth": "something", "gonna": "going to", "wanna": "want to", "gotta": "have to",
        "gimme": "give me", "lemme": "let me", "dunno": "don't know", "aint": "isn't", "n": "and", "b4": "before",
    },
    "es": {
        "q": "que", "k": "que", "xq": "porque", "pq": "porque", "xk": "porque", "tb": "también", "tmb": "también",
        "bn": "bien", "dnd": "dónde", "cdo": "cuando", "hna": "hermana", "hno": "hermano", "grax": "gracias",
        "finde": "fin de semana",
    },
    "fr": {
        "pk": "pourquoi", "pq": "pourquoi", "slt": "salut", "bjr": "bonjour", "stp": "s'il te plaît",
        "svp": "s'il vous plaît", "tt": "tout", "qd": "quand", "ms": "mais", "bcp": "beaucoup", "jsp": "je ne sais pas",
    },
    "de": {"vllt": "vielleicht", "nich": "nicht", "ned": "nicht", "ne": "eine", "isn": "ist ein", "wg": "wegen"},
    "pt": {"vc": "você", "vcs": "vocês", "tb": "também", "tbm": "também", "pq": "porque", "q": "que", "obg": "obrigado",
           "blz": "beleza", "hj": "hoje", "mt": "muito", "mto": "muito"},
    "it": {"nn": "non", "cmq": "comunque", "xké": "perché", "xche": "perché", "grz": "grazie", "qnd": "quando",
           "qst": "questo", "tt": "tutto", "sn": "sono"},
}  # fmt: skip
