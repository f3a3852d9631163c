# SPDX-License-Identifier: Apache-2.0
"""Reads and plays the text scenarios; the language is described in tests/scenario/README.md."""
import pathlib
import re
import signal
import time
import urllib.parse
import uuid

from session import Wrong, at, words

METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE")
AGAIN = 0.02  # seconds between two tries of `within`


class Step:
    def __init__(self, number, line):
        self.number, self.line, self.below = number, line, []  # below: (number, line)


def parse(path):
    """Header lines (%key value) and the steps."""
    head, steps = {}, []
    for number, line in enumerate(pathlib.Path(path).read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("%"):
            key, _, value = line[1:].partition(" ")
            head[key] = value.strip()
        elif line.startswith("\t"):
            if not steps:
                raise Wrong(f"{path}:{number}: an expectation before any step")
            steps[-1].below.append((number, line[1:]))
        elif line.strip() and not line.startswith("#"):
            steps.append(Step(number, line))
    return head, steps


# ---- steps ----

def quoted_bytes(text):
    return text.encode("utf-8").decode("unicode_escape").encode("latin-1")


def multipart(fields, file_field, path):
    mark = uuid.uuid4().hex
    parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields]
    name = pathlib.Path(path).name
    parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="{file_field}"; filename="{name}"\r\n'
                 "Content-Type: application/octet-stream\r\n\r\n".encode() + pathlib.Path(path).read_bytes() + b"\r\n")
    return b"".join(parts) + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


def http_step(s, method, path, below):
    """`> Name: value` are request headers, `form a=b&c=d` and `upload FIELD FILE` a body."""
    headers, body, fields = {}, None, []
    for _, line in below:
        word, _, rest = s.fill(line).partition(" ")
        if word == ">":
            name, _, value = rest.partition(":")
            headers[name.strip()] = value.strip()
        elif word == "form":
            fields = urllib.parse.parse_qsl(rest, keep_blank_values=True)
            body, headers["Content-Type"] = urllib.parse.urlencode(fields), "application/x-www-form-urlencoded"
        elif word == "upload":
            field, file = words(rest)
            body, headers["Content-Type"] = multipart(fields, field, s.dir / file)
        elif word == "body":
            body = rest
    if method == "POST" and "Origin" not in headers:
        headers["Origin"] = f"http://127.0.0.1:{s.port}"
    path = urllib.parse.quote(path, safe="/?&=%@:.,;+~!*'()-_#[]")
    return s.request(method, path, headers, body)


def file_step(s, rest, below):
    path = s.dir / words(rest)[0]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(s.fill(line[2:] if line.startswith("| ") else line[1:]) + "\n" for _, line in below if line.startswith("|")), encoding="utf-8")


def flip_step(s, rest):
    """flip FILE OFFSET: one bit of one byte; a negative offset counts from the end."""
    name, offset = words(rest)
    path = s.dir / name
    data = bytearray(path.read_bytes())
    data[int(offset)] ^= 1
    path.write_bytes(data)


def step(s, line, below):
    """Does one step; what there is to see of it, or None."""
    word, _, rest = line.partition(" ")
    if word == "sh":
        return s.shell("\n".join([rest] + [b[1:].removeprefix(" ") for _, b in below if b.startswith("|")]))
    rest = s.fill(rest)
    if word in METHODS:
        return http_step(s, word, rest, below)
    if word == "run":
        return s.run(words(rest.removeprefix("gongkai")))
    if word == "sql":
        return s.sql(rest)
    if word == "home":
        return s.init(*words(rest))
    if word == "serve":
        return s.serve(*words(rest))
    if word == "stop":
        return s.stop()
    if word == "kill":
        return s.stop(force=True) and None
    if word == "raw":
        return s.raw(quoted_bytes(rest))
    if word == "begin":
        return s.begin(words(rest)) and None
    if word == "end":
        return s.end()
    if word == "signal":
        return s.behind["process"].send_signal(getattr(signal, rest.strip()))
    if word == "sleep":
        return time.sleep(float(rest))
    if word == "clock":
        return s.clock(rest.strip())
    if word == "conf":
        key, _, value = rest.partition(" ")
        return s.conf(key, value)
    if word == "let":
        name, _, value = rest.partition(" ")
        s.names[name] = value.strip()
        return None
    if word == "file":
        return file_step(s, rest, below)
    if word == "flip":
        return flip_step(s, rest)
    raise Wrong(f'no step "{word}"')


# ---- expectations ----

def compare(seen, op, wanted, what):
    import json
    if op == "=":
        if seen != json.loads(wanted):
            raise Wrong(f"{what} is {json.dumps(seen, ensure_ascii=False)}, not {wanted}")
    elif op == "~":
        if not re.search(wanted, seen if isinstance(seen, str) else json.dumps(seen, ensure_ascii=False)):
            raise Wrong(f"{what} is {seen!r}, which does not match {wanted}")
    elif op == "#":
        if len(seen) != int(wanted):
            raise Wrong(f"{what} has {len(seen)} elements, not {wanted}")
    elif op == ">":
        if not seen > json.loads(wanted):
            raise Wrong(f"{what} is {seen}, not more than {wanted}")
    else:
        raise Wrong(f'no comparison "{op}"')


def json_expect(s, seen, rest):
    pointer, op, wanted = rest.split(" ", 2)
    compare(at(seen.json(), pointer), op, wanted, pointer)


def let_expect(s, seen, rest):
    """let NAME ~ REGEX takes group 1 of the text; let NAME json POINTER; let NAME header NAME; let NAME text."""
    name, how, *wanted = rest.split(" ", 2)
    wanted = wanted[0] if wanted else ""
    if how == "~":
        m = re.search(wanted, seen.text, re.M)
        if not m:
            raise Wrong(f"nothing matches {wanted} in: {seen.text[:600]}")
        s.names[name] = m.group(1)
    elif how == "json":
        s.names[name] = str(at(seen.json(), wanted))
    elif how == "header":
        s.names[name] = seen.headers.get(wanted.lower(), "")
    elif how == "text":
        s.names[name] = seen.text.strip()
    else:
        raise Wrong(f'let NAME ~|json|header|text, not "{how}"')


def line_expect(text, rest, where):
    """A whole line as it is, or one that matches ~ REGEX."""
    if rest.startswith("~ "):
        if not re.search(rest[2:], text, re.M):
            raise Wrong(f"no line of {where} matches {rest[2:]}; it is:\n{text[-1500:]}")
    elif rest not in text.split("\n"):
        raise Wrong(f"{where} has no line {rest!r}; it is:\n{text[-1500:]}")


def header_expect(seen, rest):
    name, _, value = rest.partition(":")
    name, value, have = name.strip().lower(), value.strip(), seen.headers.get(name.strip().lower())
    if value == "-":
        if have is not None:
            raise Wrong(f"header {name} is there: {have}")
    elif have is None:
        raise Wrong(f"no header {name}; there are {sorted(seen.headers)}")
    elif value.startswith("~ "):
        if not re.search(value[2:], have):
            raise Wrong(f"header {name} is {have!r}, which does not match {value[2:]}")
    elif have != value:
        raise Wrong(f"header {name} is {have!r}, not {value!r}")


def expect(s, seen, line):
    word, _, rest = line.partition(" ")
    rest = s.fill(rest)
    if word == "has":
        if rest not in seen.text:
            raise Wrong(f"there is no {rest!r} in: {seen.text[:1200]}")
    elif word == "not":
        if rest in seen.text:
            at_ = seen.text.index(rest)
            raise Wrong(f"there is {rest!r} in: {seen.text[max(0, at_ - 200):at_ + 200]}")
    elif word == "match":
        if not re.search(rest, seen.text, re.M):
            raise Wrong(f"nothing matches {rest} in: {seen.text[:1200]}")
    elif word == "out":
        line_expect(seen.text, rest, "standard output")
    elif word == "err":
        line_expect(seen.err, rest, "standard error")
    elif word == "last":
        line_expect("\n".join(seen.text.strip().split("\n")[-1:]), rest, "the last line")
    elif word == "text":
        if seen.text.strip() != rest:
            raise Wrong(f"it says {seen.text[:600]!r}, not {rest!r}")
    elif word == "empty":
        if seen.text.strip():
            raise Wrong(f"not empty: {seen.text[:600]}")
    elif word == "header":
        header_expect(seen, rest)
    elif word == "json":
        json_expect(s, seen, rest)
    elif word == "let":
        let_expect(s, seen, rest)
    else:
        raise Wrong(f'no expectation "{word}"')


NO_EXPECTATION = (">", "form", "upload", "body", "|", "status", "exit")


def check(s, seen, below, first):
    """Every expectation below a step. Without `status` a request must give 200, without `exit` a command 0."""
    code = [line.partition(" ")[2] for _, line in below if line.split(" ")[0] in ("status", "exit")]
    if seen is not None:
        wanted = code[0] if code else "200" if first in METHODS else "*" if first == "raw" else "0"
        if wanted != "*" and str(seen.code) != s.fill(wanted):
            raise Wrong(f"{'status' if first in METHODS + ('raw',) else 'exit code'} {seen.code}, not {wanted}: {seen.err[-1500:]} {seen.text[:1200]}")
    checks = 1
    for number, line in below:
        if line.lstrip().startswith("#") or line.split(" ")[0] in NO_EXPECTATION or line.startswith("|"):
            continue
        try:
            expect(s, seen, line)
        except Wrong as e:
            raise Wrong(f"line {number}: {e}") from None
        checks += 1
    return checks


def play(s, path):
    """Plays a scenario; the number of expectations met."""
    met = 0
    for one in parse(path)[1]:
        line, until = one.line, 0
        if line.startswith("within "):
            _, seconds, line = line.split(" ", 2)
            until = time.monotonic() + float(seconds)
        first = line.split(" ")[0]
        while True:
            try:
                met += check(s, step(s, line, one.below), one.below, first)
                break
            except Wrong as e:
                if time.monotonic() >= until:
                    raise Wrong(f"{path.name}:{one.number}: {one.line}\n  {e}") from None
                time.sleep(AGAIN)
    return met
