#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The speeds that the project promises, each beside the limit that binds. script/bench calls it.

    bench.py PROGRAM [WORD…]     WORD: only measures whose name holds it

What is compared is measured in the same run, interleaved, and medians count: on a machine shared with others only ratios and CPU times say anything.
The data are the real award notices of data/samples, again and again with other identities, codes and titles.
"""
import csv
import io
import os
import pathlib
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/lib"))
from session import Session, Wrong  # noqa: E402

PROFILE, SAMPLE = "yichang-award-results", ROOT / "data/samples/notices-yichang-award-results.csv"
ROUNDS, GROUP, IMPORT_ROWS, LARGE = 3, 200, 20000, 100000
CONNECTIONS, SECONDS = 64, 5


# ---- data ----

def sample_rows(notices, start=0):
    """CSV of so many notices: each real row as often as needed, as another project of another month."""
    rows = list(csv.DictReader(SAMPLE.open(encoding="utf-8")))
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    for i in range(start, start + notices):
        row, copy = dict(rows[i % len(rows)]), i // len(rows)
        row["infoid"] = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{row['infoid']}/{copy}"))
        row["url"] = row["url"].rsplit("/", 1)[0] + f"/{row['infoid']}.html"
        if copy:
            row["section_code"] = re.sub(r"-\d{6}-", f"-{2000 + copy // 12}{copy % 12 + 1:02}-", row["section_code"])
            row["section_name"] = f"{row['section_name']}{copy}期"
            row["title"] = row["title"].replace("中标结果", f"{copy}期中标结果")
        writer.writerow(row)
    return out.getvalue()


# ---- measuring ----

class Table:
    def __init__(self):
        self.wrong = 0
        print(f"{'measure':<44} {'is':>12} {'limit':>12}   how", flush=True)

    def row(self, name, value, limit, at_least, unit, how):
        good = value >= limit if at_least else value <= limit
        self.wrong += not good
        number = f"{value:.2f}" if value < 100 else f"{value:.0f}"
        print(f"{name:<44} {number + ' ' + unit:>12} {('≥' if at_least else '≤') + f' {limit:g} ' + unit:>12}   {how}{'' if good else '  ← MISSED'}", flush=True)


def cpu_seconds(pid):
    """CPU time of all threads, in nanosecond steps where the kernel keeps them."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def anonymous_mb(pid):
    return int(re.search(r"RssAnon:\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024


def timed(s, words, codes=(0, 1)):
    start = time.monotonic()
    seen = s.run(words)
    if seen.code not in codes:
        raise Wrong(f"{' '.join(words)}: exit code {seen.code}: {seen.err[-2000:]}")
    return time.monotonic() - start, seen


def timed_import(s, source):
    """Seconds until the last line says what became of the rows, that is until all are acknowledged; and until the views follow too."""
    start, acknowledged, text = time.monotonic(), None, ""
    process = subprocess.Popen([s.program, "import", "--profile", PROFILE, str(source)], cwd=s.dir, env=s.environment(), stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    for line in process.stdout:
        text += line
        if line.startswith("rows: "):
            acknowledged = time.monotonic() - start
    if process.wait() > 1 or acknowledged is None:
        raise Wrong(f"import of {source}: exit code {process.returncode}: {text}")
    return acknowledged, time.monotonic() - start, int(re.search(r"notices: published (\d+)", text).group(1))


def new_home(folder, name, program):
    s = Session(name, program, folder / name)
    seen = s.init("--demo")
    if seen.code:
        raise Wrong(f"init: {seen.err}")
    return s


# ---- import ----

def row_marks(home):
    """The greatest rowid of every table that acts write."""
    with sqlite3.connect(home / "gongkai.db") as db:
        names = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND (name LIKE 'ledger_%' OR name LIKE 'notice_%')")]
        return {n: db.execute(f"SELECT COALESCE(MAX(rowid), 0) FROM {n}").fetchone()[0] for n in names}


def import_rates(table, program, folder):
    source = folder / "import.csv"
    source.write_text(sample_rows(IMPORT_ROWS), encoding="utf-8")
    bare_program = folder / "bare_inserts"
    subprocess.run(["cc", "-O2", "-o", bare_program, ROOT / "bench/bare_inserts.c", "-lsqlite3"], check=True)
    imports, views, bares, agains = [], [], [], []
    for n in range(ROUNDS):
        s = new_home(folder, f"import{n}", program)
        marks = row_marks(s.home)
        (folder / "since").write_text("".join(f"{k} {v}\n" for k, v in marks.items()), encoding="ascii")
        seconds, followed, notices = timed_import(s, source)
        if notices < IMPORT_ROWS * 0.9:
            raise Wrong(f"only {notices} of {IMPORT_ROWS} rows are published")
        imports.append(notices / seconds)
        views.append(notices / followed)
        agains.append(notices / timed_import(s, source)[0])
        done = subprocess.run([bare_program, s.home / "gongkai.db", folder / "bare.db", folder / "since", str(GROUP)], capture_output=True, text=True, check=True)
        bares.append(notices / float(done.stdout.split()[0]))
        for f in folder.glob("bare.db*"):
            f.unlink()
        shutil.rmtree(s.dir)
    rate, bare, again = map(statistics.median, (imports, bares, agains))
    table.row("import / bare inserts of its rows", rate / bare, 0.6, True, "×", f"{rate:.0f} against {bare:.0f} notices/s, groups of {GROUP}; {statistics.median(views):.0f} until projects and search follow")
    table.row("unchanged import / import", again / rate, 3, True, "×", f"{again:.0f} against {rate:.0f} notices/s")


# ---- a home with 100,000 notices ----

def large_home(program, folder):
    s = new_home(folder, "large", program)
    source = folder / "large.csv"
    source.write_text(sample_rows(int(LARGE * 1.03)), encoding="utf-8")
    seconds, followed, notices = timed_import(s, source)
    print(f"  (a home with {notices} notices, imported in {seconds:.1f} s, followed after {followed:.1f} s)", flush=True)
    if notices < LARGE:
        raise Wrong(f"fewer than {LARGE} notices: {notices}")
    return s


def audits(table, s):
    times, size = [], 0
    for _ in range(ROUNDS):
        seconds, seen = timed(s, ["audit"], (0,))
        size = int(re.search(r"size (\d+)", seen.text).group(1))
        times.append(seconds * LARGE / size)
    table.row("audit of 100,000 entries", statistics.median(times), 3, False, "s", f"{size} entries, scaled")


def start(table, s):
    ready = []
    for _ in range(ROUNDS):
        if s.serve().code:
            raise Wrong(f"serve: {s.log_tail()}")
        ready.append(s.ready)
    table.row("ready after start, 100,000 notices", statistics.median(ready), 1, False, "s", "until the address is printed")


# ---- serving ----

def notice_ids(s, count):
    ids, path = [], "/n.json?sector=works"
    while len(ids) < count:
        page = s.request("GET", path).json()
        ids += [row["id"] for row in page["notices"]]
        path = page["older"]["href"].replace("/n?", "/n.json?")
    return ids[:count]


def cpu_per_request(s, paths):
    """Milliseconds of the server's CPU for each of these addresses, asked once, one after the other on one connection."""
    import http.client
    c = http.client.HTTPConnection("127.0.0.1", s.port)
    before, size = cpu_seconds(s.server.pid), 0
    for path in paths:
        c.request("GET", path)
        r = c.getresponse()
        body = r.read()
        if r.status != 200:
            raise Wrong(f"{path}: {r.status}")
        size = max(size, len(body))
    c.close()
    return (cpu_seconds(s.server.pid) - before) * 1000 / len(paths), size


def renders(table, s):
    ids = notice_ids(s, 1000)
    each, size = cpu_per_request(s, [f"/n/{i}" for i in ids])
    table.row("first render of a notice, CPU", each, 1, False, "ms", f"1,000 notices, up to {size // 1024} KiB, with HTTP")
    page, lists = s.request("GET", "/n.json").json(), []
    rows = len(page["notices"])
    while len(lists) < 100:
        lists.append(page["older"]["href"])
        page = s.request("GET", page["older"]["href"].replace("/n?", "/n.json?")).json()
    each, size = cpu_per_request(s, lists)
    table.row("first render of a list of 100 rows, CPU", each * 100 / rows, 2, False, "ms", f"lists of {rows} rows, {size // 1024} KiB, scaled to 100")
    return ids


def memory(table, s):
    table.row("anonymous memory, 100,000 notices", anonymous_mb(s.server.pid), 100, False, "MB", "after 1,000 notices and 100 lists")


NGINX = """daemon off; worker_processes 1; worker_rlimit_nofile 4096; pid {dir}/pid; error_log {dir}/error.log; user {user};
events {{ worker_connections 2048; }}
http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 10000000; keepalive_timeout 60; open_file_cache max=100; server_tokens on; etag off;
if_modified_since off; default_type "{type}"; client_body_temp_path {dir}/t1; proxy_temp_path {dir}/t2; fastcgi_temp_path {dir}/t3; uwsgi_temp_path {dir}/t4; scgi_temp_path {dir}/t5;
server {{ listen 127.0.0.1:{port}; root {dir}/www; location / {{ try_files /page =404; {headers} }} }} }}
"""
OWN = {"connection", "date", "server", "content-length", "content-type", "transfer-encoding", "last-modified", "accept-ranges"}


def free_port():
    import socket
    with socket.socket() as x:
        x.bind(("127.0.0.1", 0))
        return x.getsockname()[1]


def quoted(value):
    """A value in nginx's configuration."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def nginx(folder, seen):
    """nginx with the same bytes and headers."""
    import getpass
    os.chmod(folder, 0o755)
    where = folder / "nginx"
    (where / "www").mkdir(parents=True)
    (where / "www/page").write_bytes(seen.raw)
    headers = " ".join(f"add_header {k} {quoted(v)};" for k, v in seen.headers.items() if k not in OWN)
    port = free_port()
    (where / "conf").write_text(NGINX.format(dir=where, port=port, user=getpass.getuser(), type=seen.headers["content-type"], headers=headers), encoding="utf-8")
    said = where / "said"
    process = subprocess.Popen(["nginx", "-p", where, "-c", where / "conf"], stderr=said.open("w"))
    time.sleep(0.5)
    children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    if process.poll() is not None or not children:
        raise Wrong("nginx does not start: " + said.read_text())
    return process, int(children[0]), port


def load(pid, url):
    """CPU microseconds a request, requests a second; the server on one core, the load on the other."""
    before = cpu_seconds(pid)
    done = subprocess.run(["taskset", "-c", "1", "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", url], capture_output=True, text=True, check=True)
    used = cpu_seconds(pid) - before
    requests = int(re.search(r"(\d+) requests in", done.stdout).group(1))
    if re.search(r"Non-2xx|Socket errors", done.stdout):
        raise Wrong(f"{url}: {done.stdout}")
    return used * 1e6 / requests, requests / SECONDS


def pin(pid):
    subprocess.run(["taskset", "-a", "-c", "-p", "0", str(pid)], stdout=subprocess.DEVNULL, check=True)


def cached(table, s, folder, path):
    s.conf("threads", "1")
    s.conf("connections", "1000")
    s.conf("rate", "1000000")
    if s.serve().code:
        raise Wrong(f"serve: {s.log_tail()}")
    for _ in range(3):
        seen = s.request("GET", path)
    process, worker, port = nginx(folder, seen)
    try:
        pin(s.server.pid)
        pin(worker)
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(load(s.server.pid, s.names["url"] + path))
            theirs.append(load(worker, f"http://127.0.0.1:{port}{path}"))
    finally:
        process.terminate()
        process.wait()
    mine, other = (statistics.median(x[0] for x in runs) for runs in (ours, theirs))
    table.row("cached page / nginx, CPU", mine / other, 1.2, False, "×",
              f"{mine:.1f} against {other:.1f} µs a request, {len(seen.raw) // 1024} KiB, {CONNECTIONS} connections; "
              f"{statistics.median(x[1] for x in ours):.0f} against {statistics.median(x[1] for x in theirs):.0f} requests/s")


def main():
    program, words = sys.argv[1], sys.argv[2:]
    wanted = lambda name: not words or any(w in name for w in words)  # noqa: E731
    table = Table()
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as name:
        folder = pathlib.Path(name)
        if wanted("import"):
            import_rates(table, program, folder)
        if not any(map(wanted, ("audit", "start", "render", "memory", "cached"))):
            return table.wrong > 0
        s = large_home(program, folder)
        try:
            if wanted("audit"):
                audits(table, s)
            if wanted("start"):
                start(table, s)
            if wanted("render") or wanted("memory") or wanted("cached"):
                if s.server is None:
                    s.serve()
                ids = renders(table, s)
                memory(table, s)
                cached(table, s, folder, f"/n/{ids[0]}")
        finally:
            s.close()
    return table.wrong > 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Wrong as e:
        sys.exit(f"bench: {e}")
