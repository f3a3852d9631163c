# SPDX-License-Identifier: Apache-2.0
"""Whatever is changed behind the program's back, audit says so: one byte of any column of any ledger table, a row removed, added or swapped,
`signed` changed. Then the untouched home passes again."""
import re
import shutil
import sqlite3

ENGINES = ("sqlite",)


def flipped(value):
    """The smallest change of a value."""
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return ("B" if value[:1] == "A" else "A") + value[1:]
    return bytes([value[len(value) // 2 - 1] ^ 1 if i == len(value) // 2 - 1 else b for i, b in enumerate(value)])


def tables(db):
    return [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'ledger\\_%' ESCAPE '\\' ORDER BY name")]


def changes(db):
    """(what, statement, arguments) of every single change to try."""
    for table in tables(db):
        columns = [r[1] for r in db.execute(f"PRAGMA table_info({table})")]
        rowids = [r[0] for r in db.execute(f"SELECT rowid FROM {table} ORDER BY rowid")]
        picked = sorted({rowids[0], rowids[len(rowids) // 2], rowids[-1]})
        for rowid in picked:
            for column in columns:
                value = db.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (rowid,)).fetchone()[0]
                if value is not None:
                    yield f"{table}.{column} of row {rowid}", f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (flipped(value), rowid)
            yield f"{table} row {rowid} removed", f"DELETE FROM {table} WHERE rowid = ?", (rowid,)
    last = db.execute("SELECT MAX(idx) FROM ledger_entry").fetchone()[0]
    for idx in (-1, last + 1):
        yield f"entry {idx} added", "INSERT INTO ledger_entry (idx, entry) SELECT ?, entry FROM ledger_entry LIMIT 1", (idx,)
        yield f"document {idx} added", "INSERT INTO ledger_document (idx, salt, document) SELECT ?, salt, document FROM ledger_document LIMIT 1", (idx,)
    for level, n in ((0, -1), (0, 1), (1, 0), (8, 0)):
        yield f"tile {level}, {n} added", "INSERT INTO ledger_tile (level, n, hashes) SELECT ?, ?, hashes FROM ledger_tile LIMIT 1", (level, n)
    yield "a counter added", "INSERT INTO ledger_counter (city, sector, year, last) VALUES ('360800', 'other', 2026, 0)", ()
    yield "a second head", "INSERT INTO ledger_head (generation, size, root, time) SELECT generation + 1, size, root, time FROM ledger_head", ()
    yield "a head that counts more than memory holds", "UPDATE ledger_head SET size = 1099511627776", ()
    for table, column in (("ledger_entry", "entry"), ("ledger_document", "document"), ("ledger_document", "salt")):
        two = db.execute(f"SELECT idx FROM {table} ORDER BY idx DESC LIMIT 2").fetchall()
        yield (f"{table}.{column} of two rows swapped",
               f"UPDATE {table} SET {column} = (SELECT {column} FROM {table} o WHERE o.idx = ? + ? - {table}.idx) WHERE idx IN (?, ?)",
               (two[0][0], two[1][0], two[0][0], two[1][0]))


def attempt(s, what, met):
    seen = s.run(["audit"])
    s.expect(seen.code == 1 and re.search("^WRONG: .{15}", seen.text), f"{what}: audit does not see it, or does not say it: {seen.code} {seen.text}{seen.err}")
    return met + 1


def run(s):
    s.init("--demo")
    s.run(["import", "--profile", "mining", f"{s.names['samples']}/mining-rights-2026-09.csv"])
    row = s.sql("SELECT id FROM notice_revision ORDER BY idx LIMIT 1").text.strip()
    s.expect(s.run(["withdraw", row, "--ground", "duplicate", "--reason", "重复公布"]).code == 0, "withdraw")
    s.expect(s.run(["audit"]).text.startswith("ok: size"), "the home is not right to begin with")
    good, met = s.dir / "good", 0
    shutil.copytree(s.home, good)
    with sqlite3.connect(good / "gongkai.db") as db:
        todo = list(changes(db))
    s.expect(len(tables(db)) >= 5, "the tables of the ledger are not found")
    db.close()
    for what, statement, arguments in todo:
        for f in s.home.glob("gongkai.db*"):
            f.unlink()
        for f in good.glob("gongkai.db*"):
            shutil.copy(f, s.home)
        db = sqlite3.connect(s.home / "gongkai.db")
        try:
            db.execute("PRAGMA foreign_keys = OFF")
            done = db.execute(statement, arguments).rowcount
            db.commit()
        except sqlite3.IntegrityError:  # the database itself refuses this one
            continue
        finally:
            db.close()
        s.expect(done > 0, f"{what}: nothing was changed")
        met = attempt(s, what, met)
    for f in s.home.glob("gongkai.db*"):
        f.unlink()
    for f in good.glob("gongkai.db*"):
        shutil.copy(f, s.home)
    signed = (good / "signed").read_bytes()
    for offset in range(0, len(signed), 7):
        (s.home / "signed").write_bytes(signed[:offset] + bytes([signed[offset] ^ 1]) + signed[offset + 1:])
        met = attempt(s, f"byte {offset} of signed", met)
    for what, bytes_ in (("cut short", signed[:100]), ("without its last byte", signed[:-1]), ("longer", signed + b"\n")):
        (s.home / "signed").write_bytes(bytes_)
        met = attempt(s, f"signed {what}", met)
    (s.home / "signed").write_bytes(signed)
    s.expect(s.run(["audit"]).text.startswith("ok: size"), "the restored home does not pass")
    return met
