"""A text as it came, made readable, with a way back: every clean offset knows its original one.

Markup goes, entities become what they stand for, quotes and blanks become plain ones, and what cannot be
seen (soft hyphens, zero-width and direction marks) disappears. Offsets are Unicode code points.
"""

import html
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

_BLOCK_TAGS = (
    "p|br|div|li|ul|ol|h[1-6]|tr|td|th|table|tbody|section|article|header|footer|blockquote|hr|title|body|head"
    "|html|figure|figcaption|main|nav|aside|dl|dt|dd|pre"
)
_INLINE_TAGS = (
    "a|b|i|u|s|em|strong|span|font|small|big|sup|sub|img|abbr|cite|q|code|time|mark|strike|del|ins|center"
    "|iframe|video|audio|source|picture|link|meta|input|button|form|label|noscript|svg|path|wbr|script|style"
)

# One pass, left to right; every alternative starts with a character that plain prose hardly has. The bounded
# repetitions keep a text full of "<" or "&" linear.
_MARKED = re.compile(
    r"(?P<drop><!--.{0,2000}?-->|<(script|style)\b[^<>]{0,300}>.{0,4000}?</\2\s*>)"
    rf"|(?P<block></?(?:{_BLOCK_TAGS})(?:\s[^<>]{{0,1000}})?/?>)"
    rf"|(?P<inline></?(?:{_INLINE_TAGS})(?:\s[^<>]{{0,1000}})?/?>)"
    r"|(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    r"|(?P<hidden>[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe00-\ufe0f]+)"
    r"|(?P<return>\r\n?)",
    re.IGNORECASE | re.DOTALL,
)

# One character for one: these need no map.
_PLAIN: dict[int, str] = {
    **dict.fromkeys(map(ord, "‘’‚‛′´`ʼ＇"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″«»＂"), '"'),
    **dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " "),
    **dict.fromkeys([0x85, 0x2028, 0x2029, 0x0B, 0x0C], "\n"),
    **dict.fromkeys([0x2010, 0x2011, 0x2212, 0xFF0D], "-"),
    **dict.fromkeys([0x2022, 0x25AA, 0x25CF, 0x25E6, 0x2023, 0x2043, 0xB7], "•"),
    **{0xFF10 + digit: str(digit) for digit in range(10)},
    **{0x0660 + digit: str(digit) for digit in range(10)},
}
_TO_PLAIN = re.compile("[" + "".join(map(re.escape, map(chr, _PLAIN))) + "]")
_EMOJI = re.compile("[\u2600-\u27bf\u2b50-\u2b55\U0001f000-\U0001faff]")


@dataclass(frozen=True, slots=True)
class Clean:
    """A readable text and the original it came from.

    One entry for each stretch that was copied or replaced: it starts at `starts[i]` in the clean text and
    came from `origins[i]` to `ends[i]` in the original. A stretch that kept its length was copied.
    """

    original: str
    text: str
    starts: tuple[int, ...] = ()
    origins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original offsets of the clean `text[start:end]`; an empty span stays empty."""
        if not self.starts:
            return start, end
        first = self._offset(start)
        return (first, first) if end <= start else (first, self._offset(end - 1, behind=True))

    def reached(self, origin: int) -> int:
        """How much of the clean text comes from the first `origin` characters of the original."""
        if not self.starts:
            return min(origin, len(self.text))
        index = bisect_left(self.origins, origin) - 1
        if index < 0:
            return 0
        start, first, end = self.starts[index], self.origins[index], self.ends[index]
        following = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)
        return min(start + origin - first, following) if end - first == following - start else following

    def _offset(self, offset: int, *, behind: bool = False) -> int:
        """Where the clean character at `offset` starts in the original, or what lies behind it."""
        index = bisect_right(self.starts, offset) - 1
        start, origin, end = self.starts[index], self.origins[index], self.ends[index]
        following = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)
        if end - origin == following - start:
            return origin + offset - start + behind
        return end if behind else origin


def clean(original: str) -> Clean:
    """`original` made readable. Linear in its length."""
    if not _MARKED.search(original):
        return Clean(original, _plain(original))
    pieces: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    ends: list[int] = []
    length = position = 0
    for match in [*_MARKED.finditer(original), None]:
        stop = match.start() if match else len(original)
        stretches = [(original[position:stop], position, stop)]
        if match:
            position = match.end()
            stretches.append((_replacement(match), stop, position))
        for piece, origin, end in stretches:
            if piece:
                pieces.append(piece)
                starts.append(length)
                origins.append(origin)
                ends.append(end)
                length += len(piece)
    return Clean(original, _plain("".join(pieces)), tuple(starts), tuple(origins), tuple(ends))


def _replacement(match: re.Match[str]) -> str:
    if match.lastgroup == "block":
        return "\n\n"
    if match.lastgroup == "return":
        return "\n"
    if match.lastgroup == "entity":
        found = html.unescape(match.group())
        return found if len(found) == 1 and found.isprintable() else " "
    return ""


def _plain(text: str) -> str:
    if text.isascii():
        return text
    return _EMOJI.sub(" ", _TO_PLAIN.sub(lambda match: _PLAIN[ord(match.group())], text))
