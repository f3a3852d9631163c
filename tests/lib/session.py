# SPDX-License-Identifier: Apache-2.0
"""A session with the real program: a home of its own, a server on a free port, a movable clock, requests over TCP.

Text scenarios (tests/scenario/*.t, see its README) and those written in Python drive the same class.
"""
import datetime
import http.client
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import socket
import sqlite3
import subprocess
import time

import page

ROOT = pathlib.Path(__file__).resolve().parents[2]
START = 20  # seconds until a server must serve, and until it must have stopped
RUN = 300  # seconds that a command may take


class Wrong(Exception):
    """What was seen is not what was expected."""


class Seen:
    """What a command printed or a server answered."""

    def __init__(self, text, code, err="", headers=None, raw=b""):
        self.text, self.code, self.err, self.headers, self.raw = text, code, err, headers or {}, raw
        self._json = None

    def json(self):
        if self._json is None:
            try:
                self._json = json.loads(self.text)
            except json.JSONDecodeError as e:
                raise Wrong(f"no JSON ({e}): {self.text[:300]}") from None
        return self._json


def at(tree, pointer):
    """The value that a JSON pointer names; /a/-1 is the last of a list."""
    for part in pointer.strip("/").split("/") if pointer.strip("/") else ():
        try:
            tree = tree[int(part)] if isinstance(tree, list) else tree[part]
        except (KeyError, IndexError, ValueError, TypeError):
            have = sorted(tree) if isinstance(tree, dict) else f"{len(tree)} elements" if isinstance(tree, list) else repr(tree)
            raise Wrong(f'"{pointer}": nothing at "{part}"; there is {have}') from None
    return tree


class Session:
    def __init__(self, name, program, folder, engine="sqlite", pg_url=None):
        self.name, self.program, self.dir, self.engine = name, str(pathlib.Path(program).resolve()), pathlib.Path(folder), engine
        shutil.rmtree(self.dir, ignore_errors=True)
        self.dir.mkdir(parents=True)
        self.home = self.dir / "home"
        self.clock_file = self.dir / "clock"
        self.server, self.port, self.behind = None, None, {}
        self.names = {"home": str(self.home), "home_dir": str(self.home), "dir": str(self.dir), "samples": str(ROOT / "data/samples"), "data": str(ROOT / "data"), "gongkai": self.program}
        self.used = {"commands": set(), "requests": set(), "options": set()}
        self.tags_file, self.tags_unshown = self.dir / "tags", None
        self.pg_url, self.database = pg_url, None

    # ---- the home ----

    def environment(self):
        env = {k: v for k, v in os.environ.items() if not k.startswith("GONGKAI_") or k == "GONGKAI_PG_URL"}
        env |= {"GONGKAI_HOME": str(self.home), "GONGKAI_TAGS": str(self.tags_file), "LC_ALL": "C.UTF-8", "ASAN_OPTIONS": "detect_leaks=0", "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1"}
        if self.clock_file.exists():
            env["GONGKAI_CLOCK"] = str(self.clock_file)
        return env

    def init(self, *options):
        """A home; on PostgreSQL it gets a database of its own."""
        options = list(options)
        if self.engine == "pg":
            self.database = "t_" + re.sub(r"\W", "_", self.name).lower() + f"_{os.getpid()}"
            self.psql(f"CREATE DATABASE {self.database} TEMPLATE template0", self.pg_url)
            self.database_url = re.sub(r"/[\w]*\?", f"/{self.database}?", self.pg_url, count=1)
            options += ["--db", self.database_url]
        seen = self.run(["init", *options])
        if seen.code == 0:
            self.conf("rate", "1000000")
        return seen

    def conf(self, key, value):
        path = self.home / "gongkai.conf"
        text, n = re.subn(rf"(?m)^{re.escape(key)} =.*$", lambda _: f"{key} = {value}", path.read_text(encoding="utf-8"))
        path.write_text(text if n else f"{text}{key} = {value}\n", encoding="utf-8")

    def clock(self, when):
        """Sets the clock; a running server sees it at once."""
        moment = datetime.datetime.fromisoformat(when)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
        fresh = self.clock_file.with_suffix(".new")
        fresh.write_text(f"{int(moment.timestamp())}\n", encoding="ascii")
        fresh.rename(self.clock_file)

    def psql(self, statement, url):
        done = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement, url], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Wrong(f"psql: {done.stderr.strip()}")
        return done.stdout

    def sql(self, statement):
        """Statements straight into the home's database, past the program. Rows come as lines, columns between |."""
        if self.engine == "pg":
            return Seen(self.psql(statement, self.database_url), 0)
        db = sqlite3.connect(self.home / "gongkai.db", isolation_level=None)
        try:
            rows = db.execute(statement).fetchall()
        except sqlite3.Error as e:
            raise Wrong(f"sqlite: {e}") from None
        finally:
            db.close()
        return Seen("".join("|".join("" if c is None else str(c) for c in row) + "\n" for row in rows), 0)

    # ---- commands ----

    def did(self, words, code):
        """A command is used when it did its work: a refusal of its options is no use of it."""
        table = commands()
        if words[:1] == ["--home"]:
            words = words[2:]
        for n in (2, 1) if code in (0, 1) and "--help" not in words else ():
            if " ".join(words[:n]) in table:
                self.used["commands"].add(" ".join(words[:n]))
                self.used["options"] |= {f"{' '.join(words[:n])} {w.split('=')[0]}" for w in words[n:] if w.startswith("--")}
                break

    def run(self, words, stdin=None):
        done = subprocess.run([self.program, *words], cwd=self.dir, env=self.environment(), input=stdin, capture_output=True, timeout=RUN, check=False)
        self.did(words, done.returncode)
        return Seen(done.stdout.decode("utf-8", "replace"), done.returncode, done.stderr.decode("utf-8", "replace"), raw=done.stdout)

    def shell(self, line):
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", line], cwd=self.dir, env=self.environment() | {k.upper(): v for k, v in self.names.items()},
                              capture_output=True, timeout=RUN, check=False)
        return Seen(done.stdout.decode("utf-8", "replace"), done.returncode, done.stderr.decode("utf-8", "replace"), raw=done.stdout)

    def begin(self, words):
        """Starts a command and leaves it running; end() waits for it."""
        files = [open(self.dir / f"behind.{end}", "wb+") for end in ("out", "err")]
        self.behind = {"process": subprocess.Popen([self.program, *words], cwd=self.dir, env=self.environment(), stdout=files[0], stderr=files[1]), "files": files}
        return self.behind["process"]

    def end(self, seconds=RUN):
        code = self.behind["process"].wait(seconds)
        self.did(self.behind["process"].args[1:], code)
        texts = []
        for f in self.behind["files"]:
            f.seek(0)
            texts.append(f.read().decode("utf-8", "replace"))
            f.close()
        self.behind = {}
        return Seen(texts[0], code, texts[1])

    # ---- the server ----

    def serve(self, *options):
        self.stop()
        self.log = open(self.dir / "server.log", "ab")
        self.used["commands"].add("serve")
        self.used["options"] |= {f"serve {w.split('=')[0]}" for w in options if w.startswith("--")}
        if not any(o.startswith("--listen") for o in options):
            options += ("--listen", "127.0.0.1:0")
        began = time.monotonic()
        self.server = subprocess.Popen([self.program, "serve", *options], cwd=self.dir, env=self.environment(), stdout=subprocess.PIPE, stderr=self.log)
        os.set_blocking(self.server.stdout.fileno(), False)
        printed = b""
        while not re.search(rb"http://\S+:\d+/\n", printed):
            printed += self.server.stdout.read() or b""
            if self.server.poll() is not None or time.monotonic() > began + START:
                code = self.server.poll()
                self.stop(force=True)
                return Seen(printed.decode(), 3 if code is None else code, (self.dir / "server.log").read_text(encoding="utf-8", errors="replace"))
            time.sleep(0.005)
        self.ready = time.monotonic() - began
        self.port = int(re.search(rb":(\d+)/\n", printed).group(1))
        self.names |= {"port": str(self.port), "url": f"http://127.0.0.1:{self.port}"}
        return Seen(printed.decode(), 0)

    def stop(self, force=False):
        """SIGTERM (force: SIGKILL) and the exit code."""
        if self.server is None:
            return Seen("", 0)
        self.server.send_signal(signal.SIGKILL if force else signal.SIGTERM)
        try:
            code = self.server.wait(START)
        except subprocess.TimeoutExpired:
            self.server.kill()
            code = self.server.wait()
        self.server.stdout.close()
        self.log.close()
        self.server = None
        if code == 0 and self.tags_file.exists():
            unshown = set(self.tags_file.read_text(encoding="utf-8").splitlines())
            self.tags_unshown = unshown if self.tags_unshown is None else self.tags_unshown & unshown
        return Seen("", code)

    def request(self, method, path, headers=None, body=None):
        if self.server is None:
            raise Wrong("no server runs: the scenario needs a line `serve` before")
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=START)
        try:
            c.request(method, path, body=body, headers={"Host": f"127.0.0.1:{self.port}"} | (headers or {}))
            r = c.getresponse()
            raw = r.read()
        except (OSError, http.client.HTTPException) as e:
            raise Wrong(f"{method} {path}: {e!r}; server: {self.log_tail()}") from None
        finally:
            c.close()
        if r.status < 400:
            self.used["requests"].add((method, path.split("?")[0]))
        together = {}
        for name, value in r.getheaders():
            together[name.lower()] = f"{together[name.lower()]}, {value}" if name.lower() in together else value
        seen = Seen(raw.decode("utf-8", "replace"), r.status, headers=together, raw=raw)
        if together.get("content-type", "").startswith("text/html") and (problems := page.problems(seen.text)):
            raise Wrong(f"{method} {path}: {'; '.join(problems[:5])}")
        return seen

    def raw(self, sent):
        """Bytes as they are; everything that comes back until the server closes or is silent for half a second."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=START) as s:
            s.sendall(sent)
            s.settimeout(0.5)
            got = b""
            try:
                while chunk := s.recv(65536):
                    got += chunk
                closed = True
            except TimeoutError:
                closed = False
            except ConnectionResetError:
                closed = True
        status = re.match(rb"HTTP/1\.[01] (\d+)", got)
        return Seen(got.decode("utf-8", "replace"), int(status.group(1)) if status else 0, headers={"closed": "yes" if closed else "no"}, raw=got)

    def log_tail(self):
        try:
            return (self.dir / "server.log").read_text(encoding="utf-8", errors="replace")[-2000:]
        except FileNotFoundError:
            return ""

    def close(self):
        if self.behind:
            self.behind["process"].kill()
            self.end()
        self.stop()
        if self.database:
            self.psql(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)", self.pg_url)

    # ---- helpers of scenarios ----

    def expect(self, truth, said):
        if not truth:
            raise Wrong(said)

    def fill(self, text):
        """$name and ${name} in a line of a scenario."""
        def value(m):
            name = m.group(1) or m.group(2)
            if name not in self.names:
                raise Wrong(f"${name} was never set")
            return self.names[name]
        return re.sub(r"\$(?:\{(\w+)\}|([A-Za-z_]\w*))", value, text)


def tables(kind):
    """The bodies of all tables of commands or routes in the source, with how many rows each has: a row begins a line, the last is empty."""
    for path in (ROOT / "src").rglob(f"*_{kind}s.c"):
        for table in re.finditer(rf"const struct {kind} \w+\[\] = \{{(.*?)^\}};", path.read_text(encoding="utf-8"), re.S | re.M):
            yield path, table.group(1), len(re.findall(r"^    [{A-Z]", table.group(1), re.M)) - 1


def whole(path, found, rows):
    """A row that is not understood must not go unnoticed."""
    if len(found) != rows:
        raise Wrong(f"{path}: {rows} rows, of which {len(found)} are understood: {sorted(found)}")
    return set(found)


_commands = None


def commands():
    """Names of all commands, from the tables in the source."""
    global _commands
    if _commands is None:
        _commands = set().union(*(whole(path, re.findall(r'(?:\.name = |^    \{)"([^"]+)"', body, re.M), rows) for path, body, rows in tables("command")))
    return _commands


def routes():
    """(method, path) of all routes, from the tables in the source."""
    found = set()
    for path, body, rows in tables("route"):
        plain = re.findall(r'\.method = (GET|POST),\s*(?:\.right = \w+,\s*)?\.path = "([^"]+)"', body)
        found |= whole(path, plain + [("GET", where) for where in re.findall(r'\b(?:PAGE|RAW)\("([^"]+)"', body)], rows)
    return found


def words(line):
    return shlex.split(line)
