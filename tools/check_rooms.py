#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the storeys: who includes whom, read from the #include lines of src/.

A file includes public headers of rooms in lower storeys, or of rooms to the left in its own. The faces of the rules rooms (*_pages.c,
*_routes.c, *_commands.c and the headers *_faces.h) stand above the shell: they may include every rules header, each other's *_faces.h and web. Headers *_priv.h stay in
their room, and a library belongs to the rooms that ARCHITECTURE names for it. Prints each wrong line; exit 1 when there is one.

    tools/check_rooms.py [TREE]
"""
import pathlib
import re
import sys

# From the ground up, each from left to right.
STOREYS = [
    ("ground", ["base", "text", "codec", "crypto", "db", "calendar", "privacy", "schema"]),
    ("ledger", ["ledger"]),
    ("rules", ["catalogue", "notice", "project", "intake", "search"]),
    ("shell", ["http", "web"]),
    ("faces", []),
    ("app", ["app"]),
]
STOREY_OF = {room: n for n, (_, rooms) in enumerate(STOREYS) for room in rooms}
LEFT_OF = {room: rooms.index(room) for _, rooms in STOREYS for room in rooms}
FACES = [name for name, _ in STOREYS].index("faces")

FACE = re.compile(r"_(pages|routes|commands)\w*\.c$|_faces\.[ch]$")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')
# A header of a library → rooms that may see it.
LIBRARIES = {
    "microhttpd.h": {"http"}, "sqlite3.h": {"db", "search"}, "libpq-fe.h": {"db"}, "openssl/": {"crypto"}, "yaml.h": {"codec"},
    "utf8proc.h": {"text", "search"}, "pcre2.h": {"schema", "intake"}, "libdeflate.h": {"http", "web"}, "gumbo.h": {"intake", "text"},
    "qrencode.h": {"notice"},
}
# Where a seam of two rooms needs another room's header: {(file, header): reason}. Kept empty as long as possible.
EXEMPT = {}


def storey(path):
    room = path.parent.name
    if STOREY_OF[room] == STOREY_OF["catalogue"] and FACE.search(path.name):
        return FACES
    return STOREY_OF[room]


def complaint(path, header, system, rooms):
    """What is wrong with this include, or None."""
    room = path.parent.name
    for prefix, allowed in LIBRARIES.items():
        if header.startswith(prefix) and room not in allowed:
            return f"only {', '.join(sorted(allowed))} may see <{header}>"
    if system:
        return None
    if "/" not in header:
        builds = path.parent / "meson.build"
        if header.endswith("_embed.h") and room == "app" or builds.exists() and f"'{header}'" in builds.read_text(encoding="utf-8"):
            return None
        return f'"{header}": write "room/file.h"; a header that the build makes belongs to its room'
    other = header.split("/")[0]
    if other not in rooms:
        return f'"{header}": no room of that name'
    if other == room:
        if FACE.search(header) and storey(path) != FACES:
            return f'"{header}": the rules of a room do not know its face'
        return None
    if header.endswith("_priv.h"):
        return f'"{header}" is private to {other}'
    mine, theirs = storey(path), storey(pathlib.Path(header))
    if theirs > mine:
        return f'"{header}": {STOREYS[theirs][0]} is not below {STOREYS[mine][0]}'
    if mine == theirs != FACES and LEFT_OF[other] > LEFT_OF[room]:
        return f'"{header}": {other} is not to the left of {room}'
    if mine == FACES and other == "http":
        return f'"{header}": a face speaks with web, not with http'
    return None


def main():
    tree = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent)
    files = sorted(p for p in (tree / "src").rglob("*.[ch]"))
    rooms = {p.parent.name for p in files}
    wrong = [f"{room}: not in the table of rooms of tools/check_rooms.py" for room in sorted(rooms - set(STOREY_OF))]
    checked = 0
    for path in files:
        if path.parent.name not in STOREY_OF:
            continue
        place = path.relative_to(tree)
        if path.parent.parent.name not in ("src", STOREYS[STOREY_OF[path.parent.name]][0]):
            wrong.append(f"{place}: {path.parent.name} is a room of {STOREYS[STOREY_OF[path.parent.name]][0]}/")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            m = INCLUDE.match(line)
            if not m:
                continue
            checked += 1
            said = complaint(path, m.group(2), m.group(1) == "<", rooms)
            if said and (str(place), m.group(2)) not in EXEMPT:
                wrong.append(f"{place}:{number}: {said}")
    wrong += [f"{p}: a room without README.md" for p in sorted({p.parent.relative_to(tree) for p in files}) if not (tree / p / "README.md").exists()]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(f"rooms: {checked} includes of {len(files)} files, {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
