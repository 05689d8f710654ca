"""How far the work at hand has come, by events alone: what was made for it, what it broke, what is left of it."""

from __future__ import annotations

from handoff_cli.core.code import defined_by, definitions_in
from handoff_cli.core.light import Counts
from handoff_cli.core.paths import TEXTS, is_test, name_of, named_apart
from handoff_cli.core.patterns import MULTILINE, caseless, lazily
from handoff_cli.core.transcript import GAVE, FileTouch
from handoff_cli.documents.extract.commands.checks import is_check
from handoff_cli.documents.extract.commands.command_lines import without_folder
from handoff_cli.documents.extract.facts import Broken
from handoff_cli.documents.extract.files.edits import set_back
from handoff_cli.documents.extract.files.texts import parts_of_file
from handoff_cli.documents.extract.language.objections import STEM_CHARS, objects, stems
from handoff_cli.documents.extract.language.prose import typed_lines
from handoff_cli.documents.extract.language.words import clipped, identifiers, is_code_name, names_in, plain, sentences
from handoff_cli.documents.extract.runs.checked import last_passed
from handoff_cli.documents.extract.runs.underway import list_kept_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from handoff_cli.core.transcript import Edit, Transcript
    from handoff_cli.documents.extract.commands.checks import Run
    from handoff_cli.documents.extract.files.texts import Printed


def made_since(edits: Sequence[Edit], position: int) -> tuple[str, ...]:
    """Return the files that ``edits`` changed after ``position``, the latest first, with how: new, gone, how often."""
    found: dict[str, list[str]] = {}
    for edit in reversed(edits):
        if edit.position > position:
            found.setdefault(edit.path, []).append(edit.action)
    names, told = named_apart(found), []
    for path, actions in found.items():
        marks = ["new"] * ("created" in actions) + [f"\u00d7{len(actions)}"] * (len(actions) > 1)
        marks = ["deleted"] if actions[0] == "deleted" else marks
        how = f" ({', '.join(marks)})" if marks else ""
        told.append(f"{names[path]}{how}")
    return tuple(told)


def begun_todo_edited(transcript: Transcript) -> bool:
    """Return whether edits since the to-do list was written have all that its entry in progress speaks of.

    That are the names of code in it, and of its other words most: it may be done, and only not ticked yet. So is one
    that names files where those of a later entry were edited after them.
    """
    told = next((it.text for it in transcript.todos if it.status == "in_progress"), "")
    kept_at = list_kept_at(transcript)
    if kept_at and _went_on(transcript, told, kept_at):
        return True
    made = "\n".join(it.new for it in transcript.edits if it.position > kept_at) if told and kept_at else ""
    names = identifiers(told)
    if not made or not names or any(name not in made for name in names):
        return False
    low = made.lower()
    others = stems(told) - {name[:STEM_CHARS].lower() for name in names}
    return sum(stem in low for stem in others) * 2 > len(others)


def _went_on(transcript: Transcript, told: str, kept_at: int) -> bool:
    """Return whether the files that the entry ``told`` names were edited since, and then one that only a later has."""
    own = {*_FILE.findall(told)}
    later = {it for todo in transcript.todos if todo.status == "pending" for it in _FILE.findall(todo.text)} - own
    last: dict[str, int] = {name_of(it.path): it.position for it in transcript.edits if it.position > kept_at}
    return bool(own) and own <= last.keys() and any(last.get(it, -1) > max(last[name] for name in own) for it in later)


_FILE = lazily(r"(?<![\w/.-])[\w-]+\.[A-Za-z]\w{0,4}\b(?![/.(])")


def begun_todo_told(transcript: Transcript) -> str:
    """Return the sentence by which the agent told since that what the entry in progress speaks of passes, or is done.

    It names what the entry names, or shares most of its words; what lies ahead or is denied tells nothing. Or the
    agent's last words are that it ticks the entry, be it the first that is open.
    """
    told = next((it.text for it in transcript.todos if it.status == "in_progress"), "")
    kept_at = list_kept_at(transcript)
    late = [it for it in transcript.messages if it.role == "assistant" and it.position > kept_at] if kept_at else []
    if ticks := next((it for it in sentences(late[-1].text) if _TICKS.search(it)), "") if late else "":
        return plain(ticks).rstrip(":")
    names, about = {*_OPTIONS.findall(told), *identifiers(told)}, stems(told)
    for message in reversed(late) if told else ():
        for sentence in sentences(message.text):
            bare = plain(sentence)
            if not _IS_DONE.search(bare) or _NOT_YET.search(bare):
                continue
            named = names & {*_OPTIONS.findall(sentence), *identifiers(sentence)}
            if named or (len(about) >= _FEWEST and len(about & stems(bare)) * 2 > len(about)):
                return bare
    return ""


_TICKS = caseless(
    r"\b(?:mark|tick|check|set)(?:ing)?(?: off)? (?:this|that|it|the)(?: (?:current|first|last))?(?: (?:task|item|step"
    r"|to-?do|one))?(?: in \S+ \S+)? (?:off\b|as (?:completed?|done|finished)\b)"
)
_OPTIONS, _FEWEST = lazily(r"(?<![\w-])--[a-z][\w-]+"), 2
_IS_DONE = caseless(
    r"\b(?:(?:passes|works|passed) ?(?:now|again)?[.!,;:]?$|(?:passes|works|pass|work)(?: now| again)?[.!;,:]"
    r"|(?:is|are) (?:now )?(?:done|finished|complete|in place|in|green|fixed)[.!,;:]?(?= |$)"
    r"|(?:l\xe4uft|geht|funktioniert)(?: jetzt| wieder)?[.!,;:]|ist (?:jetzt )?(?:fertig|erledigt|drin|gr\xfcn)\b"
    r"|(?:ya )?(?:funciona|pasa)[.!,;:]|est[\xe1a] (?:listo|hecho)\b|est (?:fini|fait|en place)e?\b)"
)
_NOT_YET = caseless(
    r"\?|\b(?:not|never|no|once|when|if|until|till|unless|should|would|will|can|may|might|must|before|after|only|but"
    r"|except|part(?:ly|ially)|almost|nearly|still|half|nicht|kein\w*|noch|wenn|sobald|falls|bis|erst|fast|aber|bald"
    r"|cuando|si|a\xfan|todav\xeda|quand|pas|encore|presque|i'?ll|to)\b|n['\u2019]t\b"
)
"""What denies that something is done, or says that it lies ahead."""


def broken(transcript: Transcript, runs: Sequence[Run], printed: Sequence[Printed]) -> Broken | None:
    """Return what was removed since the last check that passed and is still used in files not edited since, else None.

    A search tells of the uses: it found a name that an edit took out of a file where it was defined.
    """
    passed = last_passed(runs)
    late = [it for it in transcript.edits if it.position > passed]
    removed: dict[tuple[str, str], Edit] = {}
    for edit in late[-_MOST_EDITS:]:
        kept = set(definitions_in(edit.new))
        gone = (it for it in definitions_in(edit.old) if it not in kept and len(it) >= _LONG)
        removed.update(((name, edit.path), edit) for name in gone)
        for key in [(name, path) for name, path in removed if name in kept and _in_one_scope(path, edit.path)]:
            del removed[key]
    if not removed:
        return None
    first = min(it.position for it in removed.values())
    for position, pattern, files in _searches(transcript, passed):
        named = [it for it in removed if it[0] in pattern]
        named = [it for it in named if _qualified(*it, pattern)] or named
        since = {it.path for it in transcript.edits if it.position > max(position, first)} | {it.path for it in late}
        users = [it for it in files if not any(path.endswith(it) or it.endswith(path) for path in since)]
        if named and users:
            file = named[0][1]
            names = tuple(name for name, path in named if path == file)
            return Broken(names, file, _code_first(users), tuple(_own_uses(names, file, transcript, printed)))
    return None


def _qualified(name: str, path: str, pattern: str) -> bool:
    """Return whether ``pattern`` seeks ``name`` as that of its file or folder: it came and went in others too."""
    folder, _, file = path.replace("\\", "/").rpartition("/")
    parts = filter(None, (folder.rpartition("/")[2], file.partition(".")[0]))
    return any(f"{it}.{name}" in pattern.replace("\\", "") for it in parts)


def _own_uses(names: Sequence[str], path: str, transcript: Transcript, printed: Sequence[Printed]) -> Iterator[str]:
    """Yield the first lines of the file at ``path`` that call one of ``names`` as its own, as they stand at the end."""
    told: set[int] = set()
    for part in parts_of_file(path, transcript, printed):
        for at, line in enumerate(part.lines) if part.exact and part.first else ():
            calls = any(_calls(line, it) and defined_by(line) != it for it in names)
            if calls and part.first + at not in told and len(told) < _OWN_USES:
                told.add(part.first + at)
                yield f"{part.first + at}: {clipped(line, _OWN_CHARS)}"


def _calls(line: str, name: str) -> bool:
    """Return whether a ``line`` calls ``name`` as its own: of no other, and of no longer name."""
    at = line.find(f"{name}(")
    return at >= 0 and not (line[at - 1 : at].isalnum() or line[at - 1 : at] in ("_", "."))


_OWN_USES, _OWN_CHARS = 2, 110


def still_named(transcript: Transcript, printed: Sequence[Printed], asked: int) -> tuple[str, ...]:
    """Return where names of the latest request stand yet in what was edited for it: ``name: file:line, line``.

    They are names that an edit took out elsewhere; of a request that objects also those that edits since were about,
    else all that its own words name, not what was pasted, but for what these put in. Only lines count that are known as
    they stand after every edit.
    """
    words = next((it.text for it in reversed(transcript.messages) if it.role == "user"), "")
    late = [it for it in transcript.edits if it.position > asked]
    objecting = objects(words)
    left = []
    grown = {
        name: sum(names_in(it.new)[name] - names_in(it.old)[name] for it in late)
        for name in dict.fromkeys(identifiers("\n".join(typed_lines(words[:_REQUEST_CHARS]))))
    }
    touched = {name for name in grown if any(names_in(it.old)[name] for it in late)}
    for name, more in grown.items():
        if more > 0 or (touched and name not in touched):
            continue  # it is wanted there, or the edits since were about others
        for path in {it.path for it in late if objecting or names_in(it.old)[name] > names_in(it.new)[name]}:
            parts = [it for it in parts_of_file(path, transcript, printed) if it.exact and it.first]
            lines = ((it.first + at, line) for it in parts for at, line in enumerate(it.lines) if name in line)
            places = {at for at, line in lines if name in identifiers(line)}
            if places and (more or len(places) <= _PLACES):  # what stands everywhere and was let stand is wanted
                told = ", ".join(map(str, sorted(places)[:_PLACES]))
                rest = ", …" if len(places) > _PLACES else ""
                left.append((len(places), f"{name}: {name_of(path)}:{told}{rest}"))
    return tuple(told for _, told in sorted(left)[:_MOST_LEFT])


_REQUEST_CHARS, _PLACES, _MOST_LEFT = 2_000, 6, 3


def _in_one_scope(path: str, other: str) -> bool:
    """Return whether a definition in one file is known by its name alone in the other: of the same package, say."""
    if path == other:
        return True
    packaged = path.endswith(_PACKAGED) and other.endswith(_PACKAGED)
    return packaged and path.rpartition("/")[0] == other.rpartition("/")[0]


_MOST_EDITS, _LONG = 80, 6
_PACKAGED = (".go", ".java", ".kt", ".cs", ".swift", ".scala")
"""Files of languages in which a folder is a package."""


def files_touched(transcript: Transcript, shown: Sequence[Edit]) -> tuple[FileTouch, ...]:
    """Return the files of a session, but as changed not those that stand as before; ``shown`` is what git has shown."""
    back = set_back(transcript.edits)
    own = (it for it in transcript.files if it.action == "read" or it.path not in back)
    return (*own, *touched_by_git(transcript, shown))


def touched_by_git(transcript: Transcript, shown: Sequence[Edit]) -> tuple[FileTouch, ...]:
    """Return the files of a session that edits none and goes on with earlier work, by what git has ``shown`` of it."""
    if transcript.edits:
        return ()
    found = {it.path: "modified" for it in shown}
    for command in transcript.commands:
        if command.outcome != "failed" and "commit" in command.text:
            verbs = {"create": "created", "delete": "deleted"}
            found.update((path, verbs[verb]) for verb, path in _MODE.findall(command.output or ""))
    known = {it.path for it in transcript.files if it.action != "read"}
    return tuple(FileTouch(path, action, 1) for path, action in found.items() if path not in known)


_MODE = lazily(r"^ (create|delete) mode \d+ (.+)$", MULTILINE)


def untouched(transcript: Transcript, asked: int) -> tuple[str, ...]:
    """Return the files still to be edited of a change that is made in many places, by what the agent found or listed.

    It listed them as to be changed, said of what a search has just found that it will change these, searched for a
    name that it has since replaced in at least two of the files, or takes a name out again of several into which its
    own edits had put it.
    """
    if found := _found_to_change(transcript, asked):
        return found
    edits = [it for it in transcript.edits if it.position > asked]
    last = max((it.position for it in edits), default=0)
    passed = max((it.position for it in transcript.commands if it.outcome == "ok" and is_check(it.text)), default=0)
    if passed > last:
        return ()  # it compiles or passes: what is left, if anything is, was left on purpose
    told = [it for it in (*transcript.messages, *transcript.reasonings) if it.position > asked and it.role != "user"]
    for message in sorted(told, key=lambda it: -it.position)[:_LOOKED_BACK]:
        listed = _files_listed(message.text)
        late = {name_of(it.path) for it in edits if it.position > message.position}
        if len(listed) >= _LEAST_FILES and late.intersection(map(name_of, listed)):
            return _code_first(it for it in listed if name_of(it) not in late)
    if not edits:
        return ()
    requests = transcript.asked_at
    for position, pattern, files in _searches(transcript, min(requests[-_REQUESTS_BACK:], default=0)):
        sought = [it for it in _LITERALS.findall(pattern.replace("\\", "")) if not it.islower()]
        late_edits = [it for it in transcript.edits if it.position > position]
        late = {name_of(it.path) for it in late_edits if any(word in it.old and word not in it.new for word in sought)}
        if len(late.intersection(map(name_of, files))) >= _FEWEST:
            every = {name_of(it.path) for it in late_edits}
            instead = _brought_to_several([it for it in late_edits if name_of(it.path) in late])
            left = (
                it for it, lines in files.items() if name_of(it) not in every and instead.isdisjoint(names_in(lines))
            )
            return _code_first(left)
    return _still_with(transcript.edits, [it for it in edits if it.position > passed])


def _brought_to_several(edits: Sequence[Edit]) -> set[str]:
    """Return the names of code that ``edits`` brought to several files: what stands there beside one is its home."""
    homes: dict[str, set[str]] = {}
    for edit in edits[-_MOST_EDITS:]:
        for it in filter(is_code_name, names_in(edit.new).keys() - names_in(edit.old).keys()):
            homes.setdefault(it, set()).add(edit.path)
    return {it for it, paths in homes.items() if len(paths) >= _FEWEST}


def _still_with(edits: Sequence[Edit], late: Sequence[Edit]) -> tuple[str, ...]:
    """Return the files that edits put a name into which ``late`` ones replaced in at least two others and put nowhere.

    The file that defines it keeps it.
    """
    taken_out: dict[str, set[str]] = {}
    for edit in late[-_MOST_EDITS:]:
        if edit.new.strip() and len(edit.old) + len(edit.new) <= _SHORT_EDIT:
            for word in set(_QUALIFIED.findall(edit.old)):
                if word not in edit.new:
                    taken_out.setdefault(word, set()).add(edit.path)
    several = [
        it for it, paths in taken_out.items() if len(paths) >= _FEWEST and not any(it in one.new for one in late)
    ]
    for word in sorted(several, key=len, reverse=True)[:_MOST_WORDS]:
        named: Counts[str] = Counts()
        for edit in edits:
            if word in edit.new or word in edit.old:
                at_home = word in definitions_in(edit.new)
                if "\n" not in edit.old and word not in edit.new:  # of a line alone all may have been replaced
                    named[edit.path] = min(named[edit.path], 0)
                else:
                    named[edit.path] += edit.new.count(word) - edit.old.count(word) - _NEVER * at_home
        if files := [path for path, more in named.items() if more > 0]:
            return _code_first(files)
    return ()


_SHORT_EDIT, _MOST_WORDS, _NEVER = 4_000, 8, 1_000_000
_QUALIFIED = lazily(r"[A-Za-z_@][\w@-]{1,60}(?:(?:::|[./])[\w@-]{2,60})+|\b[A-Za-z_]{0,40}[a-z0-9_][A-Z_]\w{3,60}")
"""A name that is no common word: with a path before it, or of several words."""


def _found_to_change(transcript: Transcript, asked: int) -> tuple[str, ...]:
    """Return the files that the last search found, where the agent says it will change so many, or these.

    Nothing was edited since.
    """
    told = [it for it in (*transcript.messages, *transcript.reasonings) if it.position > asked and it.role != "user"]
    said = max(told, key=lambda it: it.position, default=None)
    edited = max((it.position for it in transcript.edits), default=0)
    if said is None or not _TO_CHANGE.search(said.text):
        return ()
    for position, _, files in _searches(transcript, max(asked, edited)):
        counted = _SO_MANY.search(said.text) if position <= said.position else None
        if counted and (not counted[1] or int(counted[1]) == len(files)):
            return _code_first(files)
    return ()


_SO_MANY = caseless(
    r"\b(?:(\d{1,3})(?: \w+)?|these|those|all(?: of)? (?:the|these|those)|the(?: other| remaining)?|remaining)"
    r" (?:files|places|callers|usages|references|occurrences)\b"
)


def _code_first(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(paths, key=is_test)[:_MOST_FILES])


_LEAST_FILES, _MOST_FILES, _MOST_SEARCHES, _REQUESTS_BACK = 3, 60, 20, 5
_LITERALS = lazily(r"[A-Za-z_][\w.:]{5,}")


def _files_listed(text: str) -> list[str]:
    """Return the paths of the last list in ``text`` whose items are paths, where it says that these are to change."""
    if not _TO_CHANGE.search(text):
        return []
    found = [_LISTED_FILE.match(line.strip()) for line in text.split("\n")]
    return list(dict.fromkeys(it[1] for it in found if it))


_TO_CHANGE = caseless(
    r"\b(?:updat|chang|replac|migrat|renam|convert|fix|adapt|edit|modif|touch|port)\w*\b|\bcallers?\b"
)
_LISTED_FILE = lazily(r"(?:[-*+•]|\d{1,2}[.)])\s+(?:\*\*|`)?([\w./\\@-]+\.[A-Za-z]\w{0,5})(?=[`*:,)\s]|$)")


def _searches(transcript: Transcript, asked: int) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Yield the last searches since ``asked``, the latest first: place, pattern, the files found and their lines."""
    found = [(it.position, it.asked, it.answer) for it in transcript.lookups if it.kind == "search"]
    found += [
        (it.position, it.text, it.output or "")
        for it in transcript.commands[-200:]
        if it.outcome in GAVE and _GREPS.match(without_folder(it.text))
    ]
    late = sorted((it for it in found if it[0] > asked), key=lambda it: -it[0])[:_MOST_SEARCHES]
    for position, pattern, answer in late:
        files: dict[str, str] = {}
        for line in answer.split("\n"):
            if (it := _FOUND_IN.match(line)) and not it[1].endswith(_NO_CODE):
                path = it[1].removeprefix("./")
                files[path] = f"{files.get(path, '')}{line[it.end() :]}\n"
        if len(files) >= _LEAST_FILES:
            yield position, pattern, files


_GREPS = lazily(r"\s*(?:git grep|e?grep|rg|ag|find\b.*\bgrep\s+-\w*l\w*)\b")
_FOUND_IN = lazily(r"([\w./\\@-]+\.[A-Za-z]\w{0,5})(?::\d+)?(?::|$)")
_NO_CODE = (*TEXTS, ".log", ".json", ".lock")

_LOOKED_BACK = 40
