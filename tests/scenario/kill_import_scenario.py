# SPDX-License-Identifier: Apache-2.0
"""kill -9 in the middle of an import, again and again: what was acknowledged is there, nothing is half there, the next run goes on.

In even rounds the command is the sequencer and is killed; in odd rounds the server is, while a command hands its acts to it.
"""
import json
import random
import shutil
import signal
import time

ENGINES = ["sqlite", "pg"]
ROUNDS = {"sqlite": 20, "pg": 6}
PROFILE, FILE, ROWS = "yichang-award-results", "notices-yichang-award-results.csv", 1181


def acknowledged(report):
    """Rows of the report: complete lines alone; the last one may be cut."""
    try:
        text = report.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    rows = [json.loads(line) for line in text.split("\n")[:-1]]
    return [r for r in rows if r["outcome"] in ("published", "revised", "unchanged") and r.get("id")]


def fresh(s, n):
    """A copy of the first home; on PostgreSQL a new one."""
    if s.engine == "pg":
        if s.database:
            s.psql(f"DROP DATABASE {s.database} WITH (FORCE)", s.pg_url)
            shutil.rmtree(s.home)
        s.expect(s.init("--demo").code == 0, "no home")
        return
    if n == 0:
        s.init("--demo")
        shutil.copytree(s.home, s.dir / "first")
    shutil.rmtree(s.home)
    shutil.copytree(s.dir / "first", s.home)


def check(s, rows, n):
    seen = s.run(["audit"])
    s.expect(seen.code == 0 and seen.text.startswith("ok: size"), f"round {n}: audit says {seen.text} {seen.err}")
    if not rows:
        return
    s.expect(s.serve().code == 0, f"round {n}: the home is not served: {s.log_tail()}")
    for row in {r["id"]: r for r in rows}.values():
        seen = s.request("GET", f"/n/{row['id']}.json")
        s.expect(seen.code == 200, f"round {n}: {row['id']} was acknowledged and is not there: {seen.code}")
        s.expect(seen.json()["index"] == row["index"], f"round {n}: {row['id']} was acknowledged at {row['index']}, stands at {seen.json()['index']}")
    s.expect(s.stop().code == 0, f"round {n}: the server does not stop well: {s.log_tail()}")


def killed_while_a_command_waits(s, words):
    """The command says that it does not know, and another run brings it to its end."""
    s.expect(s.serve().code == 0, s.log_tail())
    s.server.send_signal(signal.SIGSTOP)
    s.begin(words)
    time.sleep(1)
    s.stop(force=True)
    seen = s.end()
    s.expect(seen.code == 3 and "which of these acts it committed is unknown; run this again" in seen.err,
             f"the server was killed while the command waited: {seen.code} {seen.err}")


def run(s):
    rng = random.Random(20260317)
    words = ["import", "--profile", PROFILE, f"{s.names['samples']}/{FILE}", "--report", str(s.dir / "report")]
    rounds = ROUNDS[s.engine]
    fresh(s, 0)
    killed_while_a_command_waits(s, words)
    began = time.monotonic()
    s.expect(s.run(words).code in (0, 1), "the import does not work at all")
    whole, met, early = time.monotonic() - began, 0, 0
    for n in range(rounds):
        fresh(s, n + 1)
        (s.dir / "report").unlink(missing_ok=True)
        if n % 2:
            s.expect(s.serve().code == 0, s.log_tail())
        process = s.begin(words)
        time.sleep(whole * rng.uniform(0.1, 1.0))
        early += process.poll() is None
        if n % 2:
            s.stop(force=True)
            seen = s.end()
            s.expect(seen.code in (0, 1, 3), f"round {n}: the command crashed: {seen.code} {seen.err}")
            s.expect(seen.code != 3 or "is unknown" in seen.err, f"round {n}: the command does not say that it does not know: {seen.err}")
        else:
            process.kill()
            s.end()
        rows = acknowledged(s.dir / "report")
        check(s, rows, n)
        met += 1 + len(rows)
    s.expect(early >= rounds // 2, f"only {early} of {rounds} kills came before the end")
    seen = s.run(words)
    s.expect(seen.code in (0, 1) and seen.text.strip().split("\n")[-1].startswith("rows: "), f"the last run: {seen.text} {seen.err}")
    s.expect(s.run(["audit"]).code == 0, "the last audit")
    s.expect(s.run(["status"]).code == 0, "the last status")
    return met
