#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks what compilers and formatters do not: lengths, banned functions, undocumented promises, words that do not belong here.

    tools/check_style.py [TREE]

Prints each wrong line; exit 1 when there is one. Files longer than 400 lines are named as a remark.
"""
import pathlib
import re
import subprocess
import sys

FILE_SOFT, FILE_HARD, FUNCTION_HARD = 400, 600, 60
SOURCES = (".c", ".h", ".py", ".sh", ".mjs", ".html", ".css", ".yaml", ".sql")
SPDX = "SPDX-License-Identifier: Apache-2.0"

BANNED = {
    "strcpy": "buf", "strcat": "buf", "strncpy": "buf", "strncat": "buf", "sprintf": "buf_fmt or snprintf", "vsprintf": "vsnprintf",
    "strtok": "str_split", "atoi": "str_int", "atol": "str_int", "atof": "decimal_parse", "gets": "io", "alloca": "the arena",
    "rand": "io.random", "localtime": "text/date", "gmtime": "text/date", "system": "nothing", "popen": "nothing",
}
HEAP = ("malloc", "calloc", "realloc", "free", "strdup", "strndup", "asprintf")
HEAP_ROOMS = {"ground", "http"}  # and fuzz, tests, bench
SYSTEM = ("fsync", "fdatasync", "rename", "unlink", "getrandom", "gettimeofday", "time")
SYSTEM_ROOMS = {"base"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
# The project speaks of itself only: no file names the folder in which it stands here, or a home folder.
HERE = [str(pathlib.Path(__file__).resolve().parent.parent), str(pathlib.Path.home())]
FOREIGN = re.compile("|".join(rf"(?<![\w./-]){re.escape(path)}/" for path in HERE if path != "/"))

STRING_OR_COMMENT = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
CALL = re.compile(r"(?<![\w.>])(" + "|".join(list(BANNED) + list(HEAP) + list(SYSTEM)) + r")\s*\(")
FUNCTION = re.compile(r"^(?!(?:static|extern|struct|enum|union|typedef|#)\b[^(]*;)[A-Za-z_][\w \t*]*?\b(\w+)\([^;{}]*\)[^;{}]*\n\{\n", re.M)
DECLARATION = re.compile(r"^(?:MUST_CHECK |_Noreturn |PRINTF\([^)]*\) )*(?!typedef|return|static|#)[A-Za-z_][\w \t*]*?[ *](\w+)\([^{}]*?\)[^{};()]*(?:\([^)]*\))*;", re.M)


def blank(text):
    """The code alone: comments and strings become spaces, lines stay where they are."""
    return STRING_OR_COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def may_allocate(place):
    return place.parts[0] != "src" or place.parts[1] in HEAP_ROOMS or place.parent.name in HEAP_ROOMS


def calls(place, code):
    for m in CALL.finditer(code):
        name, line = m.group(1), line_of(code, m.start())
        before = code[code.rfind("\n", 0, m.start()) + 1:m.start()]
        if name in BANNED and (place.parts[0] == "src" or name not in ("system", "popen")):
            yield line, f"{name}() is banned; use {BANNED[name]}"
        elif name in HEAP and not may_allocate(place):
            yield line, f"{name}() above the ground; memory is the arena's"
        elif name in SYSTEM and place.parts[0] == "src" and place.parent.name not in SYSTEM_ROOMS and before.strip() not in ("static int", "int"):
            yield line, f"{name}() goes through the io table"


def functions(code):
    """Name, first line and length of each function."""
    for m in FUNCTION.finditer(code):
        end = code.find("\n}", m.end() - 1)
        if end > 0:
            yield m.group(1), line_of(code, m.start()), code.count("\n", m.end() - 2, end + 2)


def lengths(text, code):
    for name, line, n in functions(code):
        if n > FUNCTION_HARD and "/* long: " not in text[:text.find(f"{name}(")][-200:]:
            yield line, f"{name}() has {n} lines, {FUNCTION_HARD} are the limit"


def undocumented(text, code):
    """A public function stands in a paragraph with a comment, or in the one after it (a struct whose members are explained, then its functions)."""
    starts = {line_of(code, m.start()): m.group(1) for m in DECLARATION.finditer(code)}
    lines = text.split("\n")
    said, before = False, False
    for number, line in enumerate(lines, 1):
        if not line.strip():
            said, before = False, said
        said = said or "/*" in line or "*/" in line
        if number in starts and not said and not before and "/*" not in paragraph(lines, number):
            yield number, f"{starts[number]}() is public, and nothing near it says what it promises"


def paragraph(lines, number):
    """The text from this line to the next blank one."""
    end = number
    while end < len(lines) and lines[end].strip():
        end += 1
    return "\n".join(lines[number - 1:end])


def plain(place, text):
    if place.parts[0] != "data" and SPDX not in "\n".join(text.split("\n")[:4]):
        yield 1, f"no line {SPDX}"
    for number, line in enumerate(text.split("\n"), 1):
        if line != line.rstrip():
            yield number, "space at the end of the line"
        if place.suffix in (".py", ".yaml", ".mjs") and "\t" in line:
            yield number, "a tab"
        if place.suffix in (".c", ".h") and line.startswith("        "):
            yield number, "spaces where tabs indent"
        if UNFINISHED.search(line):
            yield number, "a word of unfinished work"
    if not text.endswith("\n") or text.endswith("\n\n"):
        yield text.count("\n") + 1, "the file ends with exactly one line break"


def complaints(place, text):
    if place.suffix in SOURCES or place.parts[0] == "script":
        yield from plain(place, text) if place.suffix not in (".html", ".css", ".sql") else ()
    if place.suffix in (".c", ".h"):
        code = blank(text)
        yield from calls(place, code)
        yield from lengths(text, code)
        if place.suffix == ".h" and place.parts[0] == "src" and not place.name.endswith("_priv.h"):
            yield from undocumented(text, code)
        if text.count("\n") > FILE_HARD:
            yield text.count("\n"), f"{FILE_HARD} lines are the limit of a file"
    for number, line in enumerate(text.split("\n"), 1):
        if FOREIGN.search(line):
            yield number, "a path of this machine"


def tracked(tree):
    """What git knows, or will know: ignored files are nobody's."""
    out = subprocess.run(["git", "-C", tree, "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True, check=True).stdout
    return [pathlib.Path(line) for line in out.splitlines()]


def is_checked(place):
    return not place.name.startswith("check_style") and place.parts[:2] not in (("tests", "data"), ("tests", "corpora"), ("tests", "golden"), ("data", "samples")) and "corpus" not in place.parts


def main():
    tree = sys.argv[1] if len(sys.argv) > 1 else str(pathlib.Path(__file__).resolve().parent.parent)
    wrong, remarks, files = [], [], [p for p in tracked(tree) if is_checked(p) and (tree / p).is_file()]
    for place in files:
        try:
            text = (tree / place).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        wrong += [f"{place}:{line}: {said}" for line, said in complaints(place, text)]
        if place.suffix in (".c", ".h") and FILE_SOFT < text.count("\n") <= FILE_HARD:
            remarks.append(f"remark: {place} has {text.count(chr(10))} lines; {FILE_SOFT} are enough for a file")
    print(*(remarks + wrong), sep="\n", end="\n" if remarks or wrong else "")
    print(f"style: {len(files)} files, {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
