#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lists every interface word and reports those that po/en.po does not translate.

Words are {{t …}} in ui/, T(cx, "…"), T_("…") and the table of errors in src/, and units in data/sectors/. Exit 1 when a word has no translation, a
translation has other placeholders than its word, or a word cannot be read by the template engine.

    tools/extract_words.py              report
    tools/extract_words.py --list       print every word with the places that use it
    tools/extract_words.py --missing    print po entries for the missing words
"""
import ast
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TEMPLATE_WORD = re.compile(r"\{\{t (.*?)\}\}", re.S)
STRING = r'"(?:[^"\\]|\\.)*"'
SOURCE_WORD = re.compile(r"\b(?:T\(\s*[\w.>-]+\s*,|T_\()\s*(" + STRING + r"(?:\s*" + STRING + r")*)\s*\)")
ERROR_WORD = re.compile(r"\bX\(ERR_\w+, \"[^\"]*\", \d+, (" + STRING + r")")
UNIT = re.compile(r"\bunit: *([^\s,}\"']+)")
PLACEHOLDER = re.compile(r"\{(@?[a-z_.]+)\}")


def quoted(text):
    """The text of adjacent C or po string literals."""
    return "".join(ast.literal_eval(part) for part in re.findall(STRING, text))


def words():
    """Each word with the places that use it: {word: [place, …]}."""
    found = {}
    for path in sorted((ROOT / "ui").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for m in TEMPLATE_WORD.finditer(text):
            found.setdefault(m.group(1), []).append(place(path, text, m.start()))
    for path in sorted((ROOT / "src").rglob("*.[ch]")):
        text = path.read_text(encoding="utf-8")
        for m in [*SOURCE_WORD.finditer(text), *ERROR_WORD.finditer(text)]:
            found.setdefault(quoted(m.group(1)), []).append(place(path, text, m.start()))
    for path in sorted((ROOT / "data/sectors").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        for m in UNIT.finditer(text):
            found.setdefault(m.group(1), []).append(place(path, text, m.start()))
    return found


def place(path, text, offset):
    return f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, offset) + 1}"


def translations(path):
    """{msgid: msgstr} of a po file, and the msgids that stand in it twice."""
    table, twice = {}, []
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        m = re.search(r"^msgid ((?:" + STRING + r"\s*)+)^msgstr ((?:" + STRING + r"\s*)+)", block + "\n", re.M)
        if not m:
            continue
        key = quoted(m.group(1))
        if key in table:
            twice.append(key)
        table[key] = quoted(m.group(2))
    return table, twice


def po_quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def complaints(found, table, twice):
    for word, places in found.items():
        if word.endswith("}") or "\n" in word or word != word.strip():
            yield f"{places[0]}: a word may not end with a placeholder, hold a line break or outer spaces: {word!r}"
        if not table.get(word):
            yield f"{places[0]}: not in po/en.po: {word}"
        elif sorted(PLACEHOLDER.findall(word)) != sorted(PLACEHOLDER.findall(table[word])):
            yield f"{places[0]}: other placeholders in po/en.po: {word}"
    for word in twice:
        yield f"po/en.po: twice: {word}"
    for word in table:
        if word and word not in found:
            yield f"po/en.po: used nowhere: {word}"


def main():
    found = words()
    table, twice = translations(ROOT / "po/en.po")
    if "--list" in sys.argv:
        for word, places in found.items():
            print(word, *places, sep="\t")
        return 0
    if "--missing" in sys.argv:
        for word, places in found.items():
            if not table.get(word):
                print(f'#: {places[0]}\nmsgid {po_quote(word)}\nmsgstr ""\n')
        return 0
    bad = list(complaints(found, table, twice))
    print(*bad, sep="\n", end="\n" if bad else "")
    print(f"words: {len(found)}, translated: {sum(1 for w in found if table.get(w))}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
