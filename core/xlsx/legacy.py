"""Text typed for fonts of before Unicode: TCVN3 (.VnTime and its family) and VNI. Pure.

Such text looks right only in its own font; read as Unicode, “Hà Nội” is “Hµ Néi” or “Haø Noäi”. There is no sure way
back for a mixture, so a file is refused with advice.
"""

import re

_LETTER = r"[A-Za-zÀ-ỹ]"
# TCVN3 keeps Vietnamese letters where Unicode has signs, which never follow a letter directly or stand inside a word.
_TCVN3 = re.compile(rf"(?<=[A-Za-z])[µ¸¶¹¨¾¼½¬]|{_LETTER}[©®ª«§·»](?={_LETTER})|(?<!\S)[®§](?=[a-zµ¸¶·¹])")
# VNI writes the mark as a second letter after its vowel.
_VNI = re.compile(r"[aeouyAEOUY][øûïäåëüÿöØÛÏÄÅËÜÖ]")
_VIETNAMESE = re.compile(r"[ăđơưĂĐƠƯạ-ỹẠ-Ỹ]")


def is_legacy(text: str) -> bool:
    """True for text that only .VnTime, VNI-Times and their like can show. Foreign names such as Müller pass."""
    if _VIETNAMESE.search(text):
        return False
    return bool(_TCVN3.search(text)) or len(_VNI.findall(text)) >= 2
