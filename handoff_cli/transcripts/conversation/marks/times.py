"""When something was said, as programs write it beside a name: a clock, a day, how long ago; in several languages."""

# ruff: noqa: RUF001 (signs as they stand on pages)
from __future__ import annotations

from handoff_cli.core.patterns import compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from datetime import datetime

_MOST_CHARS = 60
_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "jan january januar janvier enero ene gennaio gen janeiro januari",
            "feb february februar février févr febrero febbraio fevereiro fev februari",
            "mar march märz mär mrz mars marzo março maart",
            "apr april avril avr abril abr aprile",
            "may mai mayo maggio mag maio mei",
            "jun june juni juin junio giugno giu junho",
            "jul july juli juillet juil julio luglio lug julho",
            "aug august août agosto ago augustus",
            "sep sept september septembre septiembre settembre set setembro",
            "oct okt october oktober octobre octubre ottobre ott outubro out",
            "nov november novembre noviembre novembro",
            "dec dez december dezember décembre déc diciembre dic dicembre dezembro",
        ),
        1,
    )
    for word in words.split()
}
_DAYS = frozenset(
    """
    today yesterday heute gestern vorgestern hier hoy ayer oggi ieri hoje ontem vandaag gisteren
    mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat saturday sun sunday
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so
    lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim
    lunes martes miércoles jueves viernes sábado domingo lunedì martedì mercoledì giovedì venerdì sabato domenica
    aujourd hui segunda terça quarta quinta sexta feira
    """.split()  # noqa: SIM905
)
_UNITS = frozenset(
    """
    s sec secs second seconds m min mins minute minutes h hr hrs hour hours d day days w wk wks week weeks mo month
    months y yr yrs year years sekunde sekunden minuten stunde stunden std tag tagen tage woche wochen monat monaten
    jahr jahren seconde secondes heure heures jour jours semaine semaines mois an ans segundo segundos minuto minutos
    hora horas día días semana semanas mes meses año años secondi minuti ora ore giorno giorni settimana
    """.split()  # noqa: SIM905
)
_AGO = frozenset(("ago", "vor", "hace", "il", "fa", "há", "geleden", "last", "letzte", "just", "now", "gerade"))
_BESIDE = frozenset(
    """
    at um am pm a p on the of de del le el il om en uhr utc gmt cet cest est edt pst pdt th st nd rd t z y à alle às
    edited bearbeitet modifié editado modificato geändert via and und h an einer einem eben à l
    """.split()  # noqa: SIM905
)
_NOW = frozenset(("just now", "now", "gerade eben", "à l instant", "yesterday", "today", "gestern", "heute", "hier"))
_TOKENS = compiled(r"[^\W\d_]+|\d+")
_CLOCK, _DATE = (
    compiled(r"(?<!\d)\d{1,2}[:h.]\d\d(?!\d|[.]\d)"),
    compiled(r"(?<!\d)\d{1,4}[./-]\d{1,2}[./-]\d{2,4}(?!\d)"),
)
_SIGNS = compiled(r"[\w\s.,:;/()\[\]'’+•·|—–-]+")


def is_when(text: str) -> bool:
    """Return whether ``text`` is nothing but a point in time."""
    if not text or len(text) > _MOST_CHARS or not _SIGNS.fullmatch(text):
        return False
    tokens = [it.casefold() for it in _TOKENS.findall(text)]
    words = [it for it in tokens if not it[0].isdigit()]
    if not all(it in _MONTHS or it in _DAYS or it in _UNITS or it in _AGO or it in _BESIDE for it in words):
        return False
    has_number = len(words) < len(tokens)
    ago = not _AGO.isdisjoint(words) or " " not in text
    return bool(
        (has_number and (_CLOCK.search(text) or _DATE.search(text) or not _MONTHS.keys().isdisjoint(words)))
        or (ago and not _UNITS.isdisjoint(words))
        or " ".join(words) in _NOW
    )


def without_times(text: str) -> str:
    """Return ``text`` with a ``#`` for each number and none of the words of times: what is the same at all times."""
    return _TOKENS.sub(_unless_of_time, text)


def _unless_of_time(token: re.Match[str]) -> str:
    word = token[0].casefold()
    return (
        "#"
        if word.isdigit()
        else ""
        if word in _MONTHS or word in _DAYS or word in _UNITS or word in ("am", "pm")
        else token[0]
    )


_DAY_FIRST = compiled(
    r"(?<!\d)(?P<day>\d{1,2})(?:\. ?| )(?:de )?(?P<month>[^\W\d_]{3,10}|\d{1,2})\.? ?(?:de )?(?P<year>\d{4})"
)
_MONTH_FIRST = compiled(r"(?P<month>[^\W\d_]{3,10})\.? (?P<day>\d{1,2}),? (?P<year>\d{4})")
_YEAR_FIRST = compiled(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)")
_HOUR = compiled(r"(?<!\d)(\d{1,2})[:h](\d\d)(?::\d\d)?(?:\s?([ap])\.?m)?", 2)


def moment(text: str) -> datetime | None:
    """Return the day and the clock that ``text`` tells, None where it tells no day with its year."""
    from datetime import datetime

    for shape in (_DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST):
        day, hour = shape.search(text), _HOUR.search(text)
        month = (
            _MONTHS.get(day["month"].casefold()) or (int(day["month"]) if day["month"].isdigit() else 0) if day else 0
        )
        if not day or not month:
            continue
        clock = (
            (int(hour[1]) % 12 + 12 * (hour[3] in "pP") if hour[3] else int(hour[1]), int(hour[2])) if hour else (0, 0)
        )
        try:
            return datetime(int(day["year"]), month, int(day["day"]), *clock)  # noqa: DTZ001 (as it was written)
        except ValueError:
            continue
    return None
