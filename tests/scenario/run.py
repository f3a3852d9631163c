#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plays the scenarios against the real program.

    tests/scenario/run.py --gongkai build/gongkai [--engine sqlite|pg] [--coverage FILE] [--jobs N] [NAME…]

NAME is the name of a scenario without its suffix; none = all of the engine. --engine pg needs GONGKAI_PG_URL (tests/lib/pg.py run …).
--coverage adds which commands and routes were used and which tags of templates were not to FILE; tests/scenario/coverage.py judges it.
"""
import argparse
import concurrent.futures
import fcntl
import importlib.util
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))
import text_scenario  # noqa: E402
from session import Session, Wrong  # noqa: E402


def scenarios(engine, names):
    """Paths of the scenarios that this engine plays: %engines sqlite pg; without it SQLite alone."""
    found = []
    for path in sorted([*HERE.glob("*.t"), *HERE.glob("*_scenario.py")]):
        name = path.stem.removesuffix("_scenario")
        if names and name not in names:
            continue
        if path.suffix == ".t":
            engines = text_scenario.parse(path)[0].get("engines", "sqlite").split()
        else:
            engines = load(path).ENGINES
        if engine in engines:
            found.append((name, path))
    missing = set(names) - {n for n, _ in found}
    if missing:
        sys.exit(f"run.py: no scenario {', '.join(sorted(missing))} for {engine}")
    return found


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def play(job):
    name, path, options, folder = job
    s = Session(name, options.gongkai, folder / name, options.engine, os.environ.get("GONGKAI_PG_URL"))
    began, said = time.monotonic(), None
    met = 0
    try:
        met = text_scenario.play(s, path) if path.suffix == ".t" else load(path).run(s)
    except Wrong as e:
        said = str(e)
    except Exception:  # a mistake of the scenario itself is a failure too
        said = traceback.format_exc()
    finally:
        try:
            s.close()
        except Wrong as e:
            said = said or str(e)
    if options.coverage:
        with open(options.coverage, "a", encoding="utf-8") as f:
            fcntl.flock(f, fcntl.LOCK_EX)
            used = {k: sorted(v) for k, v in s.used.items()} | {"tags_unshown": s.tags_unshown and sorted(s.tags_unshown)}
            f.write(json.dumps(used, ensure_ascii=False) + "\n")
    if said is None:
        shutil.rmtree(s.dir, ignore_errors=True)
    return name, met, said, time.monotonic() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gongkai", default="build/gongkai")
    parser.add_argument("--engine", choices=("sqlite", "pg"), default="sqlite")
    parser.add_argument("--coverage")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gongkai-scenario-"))
    jobs = [(name, path, options, folder) for name, path in scenarios(options.engine, options.names)]
    passed = failed = checks = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for name, met, said, seconds in pool.map(play, jobs):
            print(f"{'ok' if said is None else 'FAILED'} {name} ({options.engine}, {met} checks, {seconds:.1f} s)", flush=True)
            if said is None:
                passed += 1
            else:
                failed += 1
                print("  " + said.replace("\n", "\n  "), flush=True)
            checks += met
    print(f"scenarios ({options.engine}): {checks} checks")
    if failed:
        print(f"the homes are kept in {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not jobs else 0


if __name__ == "__main__":
    sys.exit(main())
