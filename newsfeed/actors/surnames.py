"""Surnames over their cases: what makes "Гусаровым" and "Гусаров" the same, and how a Russian surname looks."""

from __future__ import annotations

import re

_RU_ENDINGS = re.compile(
    r"(?:ого|его|ому|ему|ыми|ими|ами|ями|ым|им|ой|ей|ую|юю|ая|яя|ий|ый|ом|ем|ам|ям|ах|ях|ою|ею|ов(?=$)|а|я|у|ю|е|ы|и|ь|й|о)$"
)
SURNAME_RU = re.compile(
    r"(?:[оеё]в(?:|а|у|ым|е|ой|ых|ыми)|[иы]н(?:|а|у|ым|е|ой|ых)|(?:ск|цк)(?:ий|ого|ому|им|ом|ая|ой|ую|ие|их|ой)|(?:енк|ейк)о|(?:[уюч]к|[яа]н|ич)(?:|а|у|ом|ем|е)|дзе|швили|[ая]н|оглы|[ие]ц(?:|а|у|ем)|ль|ых|их)$"
)
FAMILY_RU = re.compile(
    r"(?:[оеё]в(?:|а|у|ым|ой|ых|ыми)|[щкшчбдгзнт]ин(?:|у|ым|ой|ых)|енко|швили|дзе|чук(?:|а|у|ом)|[кв]ич(?:|а|у|ем))$"
)
PATRONYMIC = re.compile(r"(?:[оеё]вич|[иы]ч|ьич)(?:|а|у|ем|е)$|(?:[оеё]вн|ичн|иничн)(?:а|ы|у|ой|е)$")


def stem(word: str) -> str:
    """What stays of a folded word over its cases; Latin and Arabic words only lose a genitive s or nothing."""
    if "а" <= word[:1] <= "я":
        cut = word
        if cut.endswith(("ов", "ев", "ин", "ын")) and len(cut) > 4:
            return cut
        for ending in ("ым", "ом", "ем", "ой", "ых", "а", "у", "е", "ю", "я", "ы", "и"):
            root = cut[: -len(ending)]
            if cut.endswith(ending) and root.endswith(("ов", "ев", "ин", "ын")) and len(root) > 3:
                return root
        made = _RU_ENDINGS.sub("", cut)
        return made if len(made) >= 3 else cut
    return word


def nominative(surname: str, feminine: bool) -> str:
    """A guess at the nominative of a Russian surname that was found in another case only."""
    low = surname.lower()
    if not ("а" <= low[:1] <= "я"):
        return surname
    for root in ("ов", "ев", "ёв", "ин", "ын"):
        match = re.search(rf"{root}(?:а|у|ым|е|ой)$", low)
        if match:
            cut = surname[: match.start() + len(root)]
            return cut + "а" if feminine else cut
    match = re.search(r"(?:ск|цк)(?:ого|ому|им|ом|ой|ую|ая|ий)$", low)
    if match:
        return surname[: match.start() + 2] + ("ая" if feminine else "ий")
    if not feminine and re.search(r"[бвгджзклмнпрстфхцчшщ](?:а|у|ом|ем|е)$", low) and len(low) > 4:
        return re.sub(r"(?:ом|ем|а|у|е)$", "", surname)
    return surname
