"""Data that calls its members and tools by words of other languages than English, in the words that readers know."""

from __future__ import annotations

from handoff_cli.transcripts.any_calls import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_KEYS = {
    **dict.fromkeys(("rol", "rolle", "rôle", "ruolo", "papel", "sprecher", "autor", "auteur", "autore"), "role"),
    **dict.fromkeys(("texto", "texte", "testo", "inhalt", "contenido", "contenu", "contenuto", "conteúdo"), "text"),
    **dict.fromkeys(("mensaje", "nachricht", "messaggio", "mensagem"), "text"),
    **dict.fromkeys(("hora", "fecha", "zeit", "uhrzeit", "zeitpunkt", "heure", "ora", "datum"), "time"),
    **dict.fromkeys(("herramientas", "werkzeuge", "aufrufe", "outils", "strumenti", "ferramentas"), "calls"),
    **dict.fromkeys(("llamadas", "acciones", "aktionen", "schritte", "appels", "chiamate", "chamadas"), "calls"),
    **dict.fromkeys(("herramienta", "werkzeug", "outil", "strumento", "ferramenta"), "tool"),
    **dict.fromkeys(("nombre", "nom", "nome"), "name"),
    **dict.fromkeys(("orden", "comando", "befehl", "kommando", "commande"), "command"),
    **dict.fromkeys(("salida", "resultado", "ausgabe", "ergebnis", "sortie", "résultat", "resultat"), "output"),
    **dict.fromkeys(("uscita", "risultato", "saída"), "output"),
    **dict.fromkeys(("entrada", "argumentos", "eingabe", "argumente", "entrée", "argomenti"), "input"),
    **dict.fromkeys(("archivo", "fichero", "ruta", "datei", "pfad", "fichier", "chemin"), "path"),
    **dict.fromkeys(("percorso", "arquivo", "ficheiro", "caminho"), "path"),
    **dict.fromkeys(("cambio", "cambios", "änderung", "änderungen", "modification", "modifica", "alteração"), "diff"),
}
_TOOLS = {
    **dict.fromkeys(("editar", "modificar", "bearbeiten", "ändern", "modifier", "éditer", "modifica"), "edit"),
    **dict.fromkeys(("escribir", "crear", "schreiben", "anlegen", "écrire", "créer", "scrivi", "escrever"), "write"),
    **dict.fromkeys(("leer", "lesen", "lire", "leggi", "ler"), "read"),
    **dict.fromkeys(("buscar", "suchen", "suche", "chercher", "recherche", "cerca"), "search"),
    **dict.fromkeys(("terminal", "consola", "konsole", "ejecutar", "ausführen", "exécuter", "esegui"), "shell"),
}


_MOST_DEPTH = 100
"""Nobody speaks deeper."""


def in_english(value: Any, depth: int = 0) -> Any:
    """Return ``value`` with its members, and the tools it names, by English words; others stay as they are."""
    if isinstance(value, list) and depth < _MOST_DEPTH:
        return [in_english(it, depth + 1) for it in value]
    if not isinstance(value, dict) or depth >= _MOST_DEPTH:
        return value
    fields = {_KEYS.get(plain(key), key): in_english(it, depth + 1) for key, it in value.items()}
    for key in ("name", "tool"):
        if isinstance(name := fields.get(key), str):
            fields[key] = _TOOLS.get(name.lower(), name)
    return fields
