#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judges what the scenarios used: every route and every command of the tables in src/ must have been exercised, every tag of every template shown.

    tests/scenario/coverage.py FILE
"""
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from session import commands, routes  # noqa: E402


def pattern(path):
    """/n/:id → what a path of this route looks like, with or without language and suffix."""
    parts = [r".+" if p == "*" else r"[^/]+" if p.startswith(":") else re.sub(r":\w+", "[^/]+", re.escape(p).replace(r"\:", ":")) for p in path.strip("/").split("/")]
    return re.compile(r"(/en)?/" + "/".join(parts) + r"(\.json)?$")


def specific(path):
    """Literal parts first: /n/:id/salt is no use of /n/*."""
    return [p.startswith((":", "*")) for p in path.strip("/").split("/")]


def main():
    used, unshown = {"commands": set(), "requests": set()}, None
    for line in open(sys.argv[1], encoding="utf-8"):
        one = json.loads(line)
        used["commands"] |= set(one["commands"])
        used["requests"] |= {tuple(r) for r in one["requests"]}
        if one["tags_unshown"] is not None:
            unshown = set(one["tags_unshown"]) if unshown is None else unshown & set(one["tags_unshown"])
    table = sorted(routes(), key=lambda r: specific(r[1]))
    hit = set()
    for method, path in used["requests"]:
        method = "GET" if method == "HEAD" else method
        for route in table:
            if route[0] == method and pattern(route[1]).match(path):
                hit.add(route)
                break
    missing = [f"route never requested: {m} {p}" for m, p in sorted(set(table) - hit)]
    missing += [f"command never run: {c}" for c in sorted(commands() - used["commands"])]
    passed = len(table) + len(commands()) - len(missing) + (unshown == set())
    missing += ["no server said which tags it has not shown"] if unshown is None else [f"tag never shown: ui/{t}" for t in sorted(unshown)]
    print(*missing, sep="\n", end="\n" if missing else "")
    print(f"{passed} passed, {len(missing)} failed")
    return 1 if missing or not table else 0


if __name__ == "__main__":
    sys.exit(main())
