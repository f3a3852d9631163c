#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""All tests, in stages; script/test calls it. Prints the time and the count of each stage, and last `N passed, N failed`.

    stages.py all|quick|STAGE…      stages.py --list names them
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
GCC, SAN = ROOT / "build-test", ROOT / "build-sanitize"
JOBS = 2
LAST_LINE = re.compile(r"^(\d+) passed, (\d+) failed$", re.M)
TAP = re.compile(r"^(not ok|ok) \d+(?: - (.*))?$", re.M)


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def add(self, passed, failed):
        self.passed += passed
        self.failed += failed


def call(command, env=None, seconds=900):
    """Exit code and everything that was printed."""
    done = subprocess.run([str(c) for c in command], cwd=ROOT, env={**os.environ, **(env or {})}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=seconds, check=False)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def whole(tally, name, command, env=None, seconds=900):
    """A command that is one test. What it said is shown when it fails."""
    code, said = call(command, env, seconds)
    tally.add(code == 0, code != 0)
    if code:
        print(f"  FAILED {name} (exit code {code})\n    " + said[-6000:].strip().replace("\n", "\n    "))
    return said


def counted(tally, name, command, env=None, seconds=900):
    """A command whose output ends with the line `N passed, N failed`; without it, it failed."""
    code, said = call(command, env, seconds)
    found = LAST_LINE.findall(said)
    if not found or (code != 0 and found[-1][1] == "0"):
        tally.add(0, 1)
        print(f"  FAILED {name} (exit code {code})\n    " + said[-6000:].strip().replace("\n", "\n    "))
        return
    passed, failed = map(int, found[-1])
    tally.add(passed, failed)
    if failed:
        print(f"  FAILED {name}\n    " + said[-12000:].strip().replace("\n", "\n    "))


# ---- PostgreSQL, started for the stage that asks first ----

class Postgres:
    directory = None

    @classmethod
    def url(cls):
        if cls.directory is None:
            cls.parent = tempfile.mkdtemp(prefix="gongkai-pg-")
            os.chmod(cls.parent, 0o755)
            cls.directory = f"{cls.parent}/pg"
            code, said = call([ROOT / "tests/lib/pg.py", "start", cls.directory])
            if code:
                sys.exit(f"stages.py: PostgreSQL does not start: {said}")
            cls.address = said.strip().split("\n")[-1]
        return cls.address

    @classmethod
    def stop(cls):
        if cls.directory is not None:
            call([ROOT / "tests/lib/pg.py", "stop", cls.directory])
            shutil.rmtree(cls.parent, ignore_errors=True)
            cls.directory = None


# ---- builds and their tests ----

def build(tally, folder, env=None, options=()):
    if not (folder / "build.ninja").exists():
        whole(tally, f"meson setup {folder.name}", ["meson", "setup", folder, "-Dtests=true", "-Dwerror=true", *options], env)
    whole(tally, f"ninja {folder.name}", ["ninja", "-C", folder, "--quiet"], env)


def build_gcc(tally):
    build(tally, GCC, {"CC": "gcc"}, ["-Dc_link_args=-fuse-ld=gold"])  # sixty small programs: half the time of the usual linker


def meson_tests(folder, suite, but=False):
    _, said = call(["meson", "introspect", "--tests", folder])
    return [t for t in json.loads(said) if any(s.split(":")[-1] == suite for s in t["suite"]) != but]


def run_meson_test(test, env):
    try:
        done = subprocess.run(test["cmd"], cwd=test["workdir"] or ROOT, env={**os.environ, **test["env"], **env, "CMOCKA_MESSAGE_OUTPUT": "TAP"},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=max(120, test["timeout"]) * 3, check=False)
        return test["name"], done.returncode, done.stdout.decode("utf-8", "replace")
    except subprocess.TimeoutExpired as e:
        return test["name"], -1, f"no end after {e.timeout} s"


def suite(tally, tests, env):
    """Cases are counted where a test prints TAP or the usual last line; another test is one case."""
    if not tests:
        tally.add(0, 1)
        print("  FAILED: the suite is empty")
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        for name, code, said in pool.map(lambda t: run_meson_test(t, env), tests):
            cases, last = TAP.findall(said), LAST_LINE.findall(said)
            bad = sum(kind == "not ok" for kind, _ in cases)
            passed, failed = (len(cases) - bad, bad) if cases else map(int, last[-1]) if last else (int(code == 0), 0)
            failed = failed or int(code != 0)
            tally.add(passed, failed)
            if failed:
                print(f"  FAILED {name} (exit code {code})\n    " + said[-6000:].strip().replace("\n", "\n    "))


def units(tally):
    suite(tally, meson_tests(GCC, "unit"), {"GONGKAI_PG_URL": Postgres.url()})


def units_quick(tally):
    suite(tally, meson_tests(GCC, "unit"), {})


def corpora(tally):
    suite(tally, meson_tests(GCC, "unit", but=True), {})


def vectors(tally):
    counted(tally, "vectors", [GCC / "tests/vectors", ROOT / "tests/data"])


# ---- scenarios ----

def scenario(tally, engine, names=(), folder=GCC, coverage=None, env=None):
    command = [ROOT / "tests/scenario/run.py", "--gongkai", folder / "gongkai", "--engine", engine, "--jobs", JOBS, *names]
    counted(tally, f"scenarios ({engine})", command + (["--coverage", coverage] if coverage else []), env)


def scenarios(tally):
    coverage = GCC / "coverage.jsonl"
    coverage.unlink(missing_ok=True)
    scenario(tally, "sqlite", coverage=coverage)
    counted(tally, "coverage of routes and commands", [ROOT / "tests/scenario/coverage.py", coverage])


def scenarios_pg(tally):
    scenario(tally, "pg", env={"GONGKAI_PG_URL": Postgres.url()})


def scenarios_quick(tally):
    scenario(tally, "sqlite", ("first", "commands", "ledger"))


# ---- sanitizers ----

def sanitize(tally):
    build(tally, SAN, {"CC": "clang"}, ["-Db_sanitize=address,undefined", "-Db_lundef=false", "-Doptimization=1"])
    env = {"ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1", "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1"}
    suite(tally, meson_tests(SAN, "unit") + meson_tests(SAN, "unit", but=True), {**env, "GONGKAI_PG_URL": Postgres.url()})
    scenario(tally, "sqlite", ("first",), SAN)


# ---- source ----

def sources(*endings):
    _, said = call(["git", "ls-files", "-co", "--exclude-standard", "src", "tests", "fuzz", "bench"])
    return sorted(line for line in said.splitlines() if line.endswith(endings) and (ROOT / line).exists())


def source(tally):
    whole(tally, "check_rooms", ["python3", "tools/check_rooms.py"])
    whole(tally, "check_style", ["python3", "tools/check_style.py"])
    whole(tally, "extract_words", ["python3", "tools/extract_words.py"])


def form(tally):
    names = sources(".c", ".h")
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        for code, said in pool.map(lambda n: call(["clang-format", "--dry-run", "-Werror", n]), names):
            tally.add(code == 0, code != 0)
            if code:
                print("  FAILED " + said.strip().split("\n")[0])


def tidy(tally):
    """Needs the sanitizers' build: its compile commands are clang's."""
    if not (SAN / "compile_commands.json").exists():
        build(tally, SAN, {"CC": "clang"}, ["-Db_sanitize=address,undefined", "-Db_lundef=false", "-Doptimization=1"])
    names = [n for n in sources(".c") if n.startswith("src/")]
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        for name, (code, said) in zip(names, pool.map(lambda n: call(["clang-tidy", "--quiet", "-p", SAN, n]), names)):
            tally.add(code == 0, code != 0)
            if code:
                print(f"  FAILED {name}\n    " + "\n    ".join(line for line in said.strip().split("\n")[:12]))


# ---- browser ----

def browser(tally):
    counted(tally, "browser", [ROOT / "tests/browser/run", GCC / "gongkai"])


STAGES = {
    "source": source, "build": build_gcc, "units": units, "corpora": corpora, "vectors": vectors, "scenarios": scenarios, "scenarios-pg": scenarios_pg,
    "browser": browser, "sanitize": sanitize, "tidy": tidy, "format": form, "units-quick": units_quick, "scenarios-quick": scenarios_quick,
}
SETS = {
    "all": ["source", "format", "build", "units", "corpora", "vectors", "scenarios", "scenarios-pg", "browser", "sanitize", "tidy"],
    "quick": ["build", "units-quick", "corpora", "scenarios-quick"],
}


def main():
    wanted = sys.argv[1:] or ["all"]
    if wanted == ["--list"]:
        print(*STAGES, sep="\n")
        return 0
    if unknown := [w for w in wanted if w not in STAGES and w not in SETS]:
        sys.exit(f"stages.py: no stage {unknown[0]}; there are {', '.join([*SETS, *STAGES])}")
    passed = failed = 0
    began = time.monotonic()
    try:
        for name in [s for w in wanted for s in SETS.get(w, [w])]:
            tally, start = Tally(), time.monotonic()
            try:
                STAGES[name](tally)
            except (OSError, subprocess.TimeoutExpired, ValueError) as e:
                tally.add(0, 1)
                print(f"  FAILED {name}: {e}")
            print(f"{name:<16} {tally.passed:>6} passed {tally.failed:>4} failed {time.monotonic() - start:>7.1f} s", flush=True)
            passed, failed = passed + tally.passed, failed + tally.failed
    finally:
        Postgres.stop()
    print(f"{'together':<16} {'':>27} {time.monotonic() - began:>9.1f} s\n{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
