"""Which language the interface speaks: the address, then the cookie, then the browser's own wish."""

from collections.abc import Iterator, Sequence

from web.words import LANGUAGES

DEFAULT = "zh-Hans"
TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


def known(tag: str) -> str | None:
    """Return the interface language that serves a BCP 47 tag, or None.

    >>> [known(tag) for tag in ("zh-TW", "zh-Hant-HK", "zh", "zh-CN", "en-GB", "fr", "")]
    ['zh-Hant', 'zh-Hant', 'zh-Hans', 'zh-Hans', 'en', None, None]
    """
    tag = tag.strip().lower()
    if tag.startswith(TRADITIONAL):
        return "zh-Hant"
    return {"zh": "zh-Hans", "en": "en"}.get(tag.split("-")[0])


def wished(accept: str) -> Iterator[str]:
    """Yield the tags of an Accept-Language header, best first.

    >>> list(wished("fr;q=0.5, zh-TW, en;q=0.8, de;q=0"))
    ['zh-TW', 'en', 'fr']
    """
    ranked = []
    for place, part in enumerate(accept.split(",")):
        tag, _, parameter = part.partition(";")
        weight = _weight(parameter)
        if tag.strip() and weight > 0:
            ranked.append((-weight, place, tag.strip()))
    yield from (tag for _, _, tag in sorted(ranked))


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def choose(asked: str | None, cookie: str | None, accept: str) -> str:
    """Return the interface language for a request.

    >>> choose(None, None, "en-GB,en;q=0.9"), choose("zh-Hant", "en", ""), choose("tlh", None, "")
    ('en', 'zh-Hant', 'zh-Hans')
    """
    for tag in (asked or "", cookie or "", *wished(accept)):
        if language := known(tag):
            return language
    return DEFAULT


def preferences(language: str) -> Sequence[str]:
    """Return the languages in which to look for a label, best first.

    >>> preferences("zh-Hant")
    ['zh-Hant', 'zh-Hans', 'zh', 'en', '']
    """
    nearest = {"zh-Hant": ["zh-Hant", "zh-Hans", "zh"], "zh-Hans": ["zh-Hans", "zh-Hant", "zh"], "en": ["en"]}[language]
    rest = [other for other in (*LANGUAGES, "zh", "") if other not in nearest]
    return [*nearest, "en", "", *rest] if language == "en" else [*nearest, "en", ""]
