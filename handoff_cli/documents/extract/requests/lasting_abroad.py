"""How rules of the work begin in other languages than English, clause by clause: see ``lasting``."""

from __future__ import annotations

from handoff_cli.core.patterns import lazily

INFINITIVE = r"(?:[\w./-]+ ){0,5}(?!(?:ab|an|auf|aus|ein|mit|vor|zu)?ge)\w+(?:en|ern|eln)\W*$"
"""How a clause ends in German that orders: a participle tells what was."""

IN_LANGUAGE = (
    r"(?:in|en|em|auf) (?:english|german|french|spanish|utc|anglais|fran\xe7ais|allemand|espagnol|ingl[e\xe9\xea]s"
    r"|espa\xf1ol"
    r"|alem[a\xe1]n|inglese|italiano|portugu[e\xea]s|englisch|deutsch|cents?|(?:snake|kebab|camel|pascal|lower"
    r"|upper)[_ -]?case)\b"
)
"""To write or to answer in a language, or in a style."""

GERMAN = lazily(
    rf"(?:immer|nie(?:mals)?) {INFINITIVE}|immer erst \w+en\b|(?:[\w-]+ ){{0,4}}immer {IN_LANGUAGE}"
    r"|(?:nimm|nutze?|verwende|benutze?|schreib\w*|teste?|frag\w*|lass|antworte) (?:[\w-]+ ){0,2}(?:nie|immer)\b"
    r"|(?!(?:es|das) )(?:[\w-]+ ){1,5}(?:soll(?:en)?|m(?:u|\xfc)(?:ss|\xdf)(?:en)?|d(?:arf"
    r"|\xfcrfen)) (?:[\w-]+ ){0,4}(?:immer|nie|niemals|bleiben)\b"
    r"|(?!(?:es|das) )(?:[\w-]+ ){1,5}d(?:arf(?:st)?|\xfcrf(?:en|t)) (?:[\w-]+ ){0,2}(?:nichts?|kein\w*|nur"
    r"|h\xf6chstens)\b"
    r"|(?!(?:[\w./-]+ ){0,3}(?:es|er|sie|ich|wir|man|du|geht|ist|sind|hat|haben|wird|werden|warum|noch|brauch\w*"
    r"|m(?:u|\xfc)ss\w*|kann\w*"
    r"|k\xf6nn\w*|soll\w*|will|wollte\w*|konnte\w*|w\xfcrde\w*)\b)(?!das )(?:[\w./-]+ ){0,5}nicht (?!wundern"
    r"|vergessen)(?:[\w./-]+ ){0,3}\w+(?:en|ern|eln)\W*$"
    r"|(?:fass|\xe4ndere?|nimm|l\xf6sch\w*|benutze?|verwende|nutze?|schreib\w*|r\xfchr\w*|f\xfcge?) (?!(?:das|es|ihm"
    r"|ihr|mir|mal|sie) )[^.]{0,50}\b(?:nicht|nichts|kein\w*)\b|(?:\S+ ){0,6}bitte kein\w* \w"
    r"|kein\w* (?!fehler|zeit|daten|ausgabe)(?:(?!beim |zum |hei\xdft)\S+ ){1,4}(?:lassen|einbauen|verwenden|benutzen"
    r"|nutzen|committen|schreiben|anlegen)\W*$"
    r"|verg(?:iss|i\xdf|esst) nicht(?:$| dass\b| ?: )|kein\w* (?:neue\w*|weitere\w*|externe\w*|breaking)"
    r" (?:abh\w+|dep\w+|lib\w*|pakete?|bibliothek\w*|dienste?|services?|tabellen?|spalten?|klassen?|frameworks?"
    r"|module?|changes?)\b(?! ge)"
    r"|kein\w* (?:mocks?|any|async|threads?|klassen|abh\xe4ngigkeit\w*|dependencies|libs?|libraries|frameworks?"
    r"|kommentare?|emojis?|globals?|todos?)\b(?=\W*$| (?:bitte|mehr|auf|in|f\xfcr|und|oder)\b)"
)
ROMANCE = lazily(
    r"(?:ne (?!(?:marche|fonctionne|passe|compile|r\xe9pond|d\xe9marre|renvoie|retourne|sert|va|fait) )\w+ (?:pas"
    r"|jamais|plus|rien)\b(?! (?:\xe0 )?(?:\xe7a|ce|cet|cette)\b)(?! \w+ (?:\xe7a|ce|cet|cette)\b)(?!\W*$)"
    rf"|n'(?:utilise|ajoute|change|\xe9cris|importe)\w*(?! pas (?:\xe7a|ce|cet|cette)\b)|n'oublie pas (?:que|:)"
    rf"|(?:jamais|toujours) (?:\w+er)\b|(?:[\w-]+ ){{0,4}}(?:toujours|siempre|sempre) {IN_LANGUAGE}"
    r"|(?:r\xe9ponds|utilise|lance|\xe9cris|garde|mets|fais|teste)[sz]? toujours\b|on ne (?:touche|modifie|change"
    r"|utilise|pousse|commit\w*) (?:pas|jamais|rien)\b|il (?:ne )?faut (?:pas|jamais|toujours)\b"
    r"|(?:tou(?:s|tes) les|les) (?:[\w-]+ ){1,5}doivent (?:\xeatre|rester|aller) (?:en|dans|au|\xe0)\b|tou(?:s"
    r"|tes) les (?:[\w-]+ ){1,5}doivent\b(?! \xeatre \w+\xe9)"
    r"|(?!(?:\xe7a|cela|ce|il|elle) )(?:[\w-]+ ){1,5}(?:ne doi(?:t|vent) (?:pas|jamais)|doi(?:t|vent) (?:toujours"
    r"|rester))\b|pas de (?:nouve\w+|mocks?|d\xe9pendances|commentaires|classes|threads|emojis?)\b"
    r"|no (?:uses|cambies|toques|a[nñ]adas|agregues|borres|modifiques|subas|hagas|metas)\b(?! (?:es|est)[aeo]s?\b)"
    r"|no (?:(?:us|toqu|cambi|publiqu|borr|modifiqu|mezcl|desplegu|instal)\xe9is|(?:sub|a\xf1ad|hag|met)\xe1is)\b"
    r"|no se (?:toca|rompe|cambia|publica|sube|borra|despliega|usa)n? (?:nada|ning\w+)"
    r"(?=\W*$|,? (?:sin|hasta|en prod|a nadie))"
    r"|no quiero (?!(?:que|eso|esto|ir)\b)"
    r"|siempre (?:usa|corre|ejecuta|haz|escribe|responde|pregunta|\w+[aei]r)\b|nunca$"
    r"|(?:los|las) (?:[\w-]+ ){1,5}(?:deben|tienen que) (?:ir|ser|estar|quedar) (?:en|siempre)\b|(?:todos|todas"
    r"|cada) (?:[\w-]+ ){1,5}deben?\b|(?!(?:eso|esto|esta|no) )(?:[\w-]+ ){1,5}(?:(?:no|nunca|siempre) deben?"
    r"|deben? (?:siempre|nunca|quedar))\b"
    r"|sin (?:(?:dependencias|librer\xedas|paquetes)(?: nuev[ao]s| extra)?|mocks|comentarios|emojis)\W*$"
    r"|n\xe3o (?:mexa|toque|use|altere|mude|adicione|apague|remova|fa\xe7a)\b(?! (?:iss|ess|est|ist)[aeo]\b)"
    r"|sempre (?:use|fa\xe7a|escreva|responda)\b"
    r"|non (?:tocc|us|modific|cambi|aggiung|cancell|committ|push|f|scriv|mett|rinomin)[aei]re\b"
    r"|nada de (?!(?:errores?|fallos?|problemas?|raro|momento|es[aeo]s?|est[aeo]s?|nada|todo|ell[ao]s?|particular|malo"
    r"|nuevo|lo)\b)[\w./-]+(?=\W*$"
    r"| (?:en|nuev|extra|por favor)\b)|(?:scrivi"
    r"|rispondi|fai|lancia) sempre\b)"
)
"""French, Spanish, Portuguese and Italian."""
EAST = lazily(
    r"[^\u3002]{0,40}?(?:(?:\u4e0d\u8981|\u8bf7\u52ff|\u5207\u52ff|\u7981\u6b62|\u4e0d\u51c6|\u4e0d\u8bb8"
    r"|(?<![\u7279\u533a\u7ea7\u7c7b\u4e2a\u6027\u5206])\u522b)(?![\u7d27\u8fd9\u90a3\u4e86\u3055\u7684\u4eba\u540d\u5904\u7ba1\u6025])|\u59cb\u7ec8\u7528|\u4e00\u5f8b|\u52a1\u5fc5"
    r"|\u7528(?:\u82f1\u6587|\u82f1\u8bed|\u4e2d\u6587)(?=\W*$)|\u5fc5\u987b(?:\u7528|\u4fdd\u6301|\u4f7f\u7528)"
    r"|(?:\u3057"
    r"|[\u304b\u3048\u3089\u308f\u3055\u308c])\u306a\u3044(?:\u3067(?=\u304f\u3060\u3055\u3044|\u4e0b\u3055\u3044"
    r"|\u306d|\W*$)|\u3053\u3068)"
    r"|(?:\u5e38\u306b|\u5fc5\u305a|\u4eca\u5f8c|\u3053\u308c\u304b\u3089)[^\u3002]{1,40}(?:\u3067|\u3053\u3068"
    r"|\u4e0b\u3055\u3044|\u304f\u3060\u3055\u3044|\u3057\u3066|\u4f7f\u3046|\u4f7f\u3063\u3066)\W*$)"
)
