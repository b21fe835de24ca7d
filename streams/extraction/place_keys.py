"""The form under which a place name is looked up: plain lower-case ASCII words with single blanks between."""

import unicodedata

_LETTERS = {
    "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "ß": "ss", "ı": "i", "đ": "d", "Đ": "d", "æ": "ae", "Æ": "ae",
    "œ": "oe", "Œ": "oe", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ə": "e", "Ə": "e",
}  # fmt: skip
_PLAIN = str.maketrans(
    {**dict.fromkeys("'’‘`´ʼʻ”“.", None), **dict.fromkeys("-–‐‑/", " "), "&": " and ", **_LETTERS}
)
_SHORT = {"saint": "st", "sainte": "ste", "mount": "mt", "fort": "ft"}


def place_key(name: str) -> str:
    """The key of `name`: without case, accents, apostrophes, points and hyphens, `Saint` as `st`.

    >>> place_key("Port-au-Prince"), place_key("Sana'a"), place_key("St. Louis")
    ('port au prince', 'sanaa', 'st louis')
    """
    text = name.translate(_PLAIN).lower()
    if not text.isascii():
        text = "".join(
            char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)
        )
    return " ".join([_SHORT.get(word, word) for word in text.split()])
