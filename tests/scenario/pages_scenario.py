# SPDX-License-Identifier: Apache-2.0
"""Every type of page in every state, in both languages: each link of the portal is followed, then the pages that only an odd state shows are opened.
With the other scenarios this shows every tag of every template at least once: coverage.py asks."""
import collections
import json
import re
import shutil
import sys
import urllib.parse

sys.path.insert(0, __file__.rsplit("/", 2)[0] + "/lib")
import page  # noqa: E402

ENGINES = ("sqlite",)
PER_SHAPE = 6  # pages of one shape (a route with the names of its parameters) that the walk opens


def shape(path):
    """/en/n/360800-works-2026-000001?rows=x → /en/n/:/?rows: what belongs to one page type."""
    parts = urllib.parse.urlsplit(path)
    one = re.sub(r"(/[naipr])/[^/.?]+(?:\.[^/?]+)*", r"\1/:", parts.path)
    names = sorted(name for name, _ in urllib.parse.parse_qsl(parts.query))
    return one, len(names) if one.endswith("/search") else tuple(names)


def open_page(s, path, status=200, method="GET", **request):
    """The session itself looks at every page: links within it, Chinese on an English one."""
    seen = s.request(method, path, **request)
    s.expect(seen.code == status, f"{path}: {seen.code}, not {status}: {seen.text[:300]}")
    return seen


def walk(s):
    """Follows the links of all pages; those to their JSON twins too."""
    todo, known, opened = collections.deque(["/", "/en/"]), {"/", "/en/"}, collections.Counter()
    while todo:
        path = todo.popleft()
        if opened[shape(path)] == PER_SHAPE:
            continue
        opened[shape(path)] += 1
        seen = open_page(s, urllib.parse.quote(path, safe="/?&=%+:@,~!$'()*;"))
        for link in page.links(seen.text) if seen.headers["content-type"].startswith("text/html") else ():
            link = link.split("#")[0]
            if link.startswith("/") and not link.endswith("/settings") and link not in known:
                known.add(link)
                todo.append(link)
    return sum(opened.values())


def both(s, path, status=200):
    """A page in both languages."""
    for language in ("", "/en"):
        open_page(s, language + path, status)


# ---- the homes ----

def samples(s):
    for profile, name in (("yichang-award-results", "notices-yichang-award-results.csv"), ("yichang-candidates", "notices-yichang-candidates.csv"),
                          ("jiangxi", "notices-jiangxi-2026-03.jsonl"), ("national", "notices-national-2026-03.jsonl"),
                          ("opening", "bid-opening-1528-bidders-2026-03-16.csv"), ("land", "land-supply-beijing-2019h1.csv"),
                          ("mining", "mining-rights-2026-09.csv")):
        seen = s.run(["import", "--profile", profile, f"{s.names['samples']}/{name}"])
        s.expect(seen.code in (0, 1), seen.err)


OWN_PROFILE = """
profile: own
label: {zh: 各种少见的公告, en: Rare notices}
source: 本测试
platform: own.example
format: jsonl
items:
  - item: general.blacklist
    when: {kind: blacklist}
    fields:
      entry_code: code
      subject: subject
      agency_in_charge: agency
      withheld_ground: grounds
      publicity_period: {start: start, end: end}
  - item: works.candidates
    when: {kind: candidates}
  - item: works.result
    when: {kind: result}
agency: {const: ja.trading}
place: {const: "360800"}
date: formed
title: title
appearance: {identity: id, time: day, stated_by: {const: 本测试}}
fields:
  project_name: name
  tenderee: tenderee
"""
OWN_ROWS = (
    {"kind": "blacklist", "id": "1", "formed": "2026-09-01", "day": "2026-10-26", "title": "关于列入黑名单的公示", "code": "HMD-1", "subject": "某某建设有限公司", "agency": "ja.finance",
     "grounds": "state_secret", "start": "2026-10-26", "end": "2026-11-02"},
    {"kind": "candidates", "id": "2", "formed": "2026-10-20", "day": "2026-10-20", "title": "仙女湖路路灯改造工程中标候选人公示", "name": "仙女湖路路灯改造工程", "tenderee": "某某城市管理局"},
    {"kind": "result", "id": "3", "formed": "2026-10-30", "day": "2026-10-30", "title": "仙女湖路路灯改造工程中标结果公告", "name": "仙女湖路路灯改造工程", "tenderee": "某某城市管理局"},
)


def own(s):
    """Notices of items and in states that the samples do not have. Their ids in the order of OWN_ROWS."""
    (s.dir / "own.yaml").write_text(OWN_PROFILE, encoding="utf-8")
    (s.dir / "own.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in OWN_ROWS), encoding="utf-8")
    seen = s.run(["import", "--profile", "own.yaml", "own.jsonl", "--report", "report"])
    s.expect(seen.code == 0, seen.err + (s.dir / "report").read_text(encoding="utf-8"))
    return [json.loads(line)["id"] for line in (s.dir / "report").read_text(encoding="utf-8").splitlines()]


def revise(s, notice, change):
    document = s.request("GET", f"/n/{notice}/document").json()
    change(document)
    (s.dir / "revised.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    seen = s.run(["revise", notice, "revised.json"])
    s.expect(seen.code == 0, seen.err)


def changed(document):
    """A field more, one less, one other; an attachment; no day of formation."""
    del document["formed_on"], document["fields"]["entry_code"]
    document["title"] += "（更正）"
    document["fields"]["document_number"] = "吉市财〔2026〕1号"
    document["attachments"] = [{"name": "决定书.pdf", "type": "application/pdf", "size": 123456, "sha256": "0" * 64}]
    document["note"] = {"text": "补充文号"}


def undecrypted(document):
    """More warnings of one rule than the page lists."""
    for bidder in document["fields"]["bidders"][:20]:
        bidder["decrypt_status"] = "未提交解密"
    document["note"] = {"text": "来源改正了解密情况"}


def upload(document, name="document.json"):
    """What a form sends that uploads this."""
    bound, data = "----page", document.encode()
    head = f'--{bound}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/json\r\n\r\n'
    return {"method": "POST", "headers": {"Content-Type": f"multipart/form-data; boundary={bound}"}, "body": head.encode() + data + f"\r\n--{bound}--\r\n".encode()}


# ---- states ----

def notices(s, ids):
    """Notices: revised, withdrawn by order, with rows on several pages, in a project only by their titles, erased, damaged."""
    revise(s, ids[0], changed)
    withdrawn = s.request("GET", "/n.json?sector=mining").json()["notices"][0]["id"]
    seen = s.run(["withdraw", withdrawn, "--ground", "order", "--reason", "依上级决定", "--order", "吉府行复〔2026〕1号"])
    s.expect(seen.code == 0, seen.err)
    opening = s.request("GET", "/n.json?item=works.opening-record").json()["notices"][0]["id"]
    revise(s, opening, undecrypted)
    land = s.request("GET", "/n.json?sector=land").json()["notices"][0]["id"]
    for path in (f"/n/{land}", f"/n/{ids[0]}", f"/n/{ids[0]}@1", f"/n/{withdrawn}", f"/n/{opening}?rows=bidders.201", f"/n/{ids[1]}", f"/verify?q={ids[0]}@1", f"/verify?q={withdrawn}",
                 "/n?sector=general", "/search?q=%E9%BB%91%E5%90%8D%E5%8D%95"):
        both(s, path)
    seen = open_page(s, f"/n/{ids[1]}.json")
    s.expect(seen.json()["project"]["possible"], "two notices with one title are possibly one project")
    both(s, f"/p/{urllib.parse.quote(seen.json()['project']['link']['href'][3:], safe='%')}")
    for row in s.sql("SELECT DISTINCT project FROM project_notice WHERE id IN (SELECT id FROM project_mark)").text.splitlines():
        both(s, f"/p/{urllib.parse.quote(row)}")


def files(s, ids):
    """Files that differ from what was logged, and none at all."""
    document = s.request("GET", f"/n/{ids[0]}/document").json()
    del document["fields"]["subject"]
    document["fields"]["remark"] = "添上的"
    document["title"] = "另一个标题"
    for language in ("", "/en"):
        seen = open_page(s, f"{language}/verify", **upload(json.dumps(document, ensure_ascii=False)))
        s.expect("另一个标题" in seen.text, "the difference of the title is not shown")
        open_page(s, f"{language}/verify", 400, **upload(""))
        open_page(s, f"{language}/verify", 400, **upload("neither this nor that", "x.txt"))


def asked_wrong(s):
    """What cannot be asked is 400 with the form; what finds nothing is 200 and says so."""
    for path in ("/calendar?from=31.3.&days=many", "/calendar?from=2026-03-31&days=9999999", "/calendar?from=2026-03-31&days=5&unit=week", "/n?from=x", "/n?before=x",
                 "/n?after=x", "/n?status=x", "/search?q=a&from=x", "/search?q=a&sort=x", "/search?q=a&after=x", "/n?x=1"):
        both(s, path, 400)
    for path in ("/calendar?from=2030-03-31&days=400", "/n?sector=emission", "/n?sector=emission&place=360821", "/search?q=%E6%97%A0%E6%AD%A4+%E4%BA%8B%E7%89%A9&sector=land",
                 "/catalogue?agency=ja.finance", "/catalogue?sector=emission&agency=yichang.trading", "/verify?q=360800-works-1999-000001"):
        both(s, path)
    for item in s.request("GET", "/catalogue.json").json()["groups"]:
        for one in item["items"]:
            both(s, one["item"]["href"])
    both(s, "/no-such-page", 404)
    both(s, "/p/%E6%B2%A1%E6%9C%89", 404)


def lost(s, ids):
    """A document that the law had removed; one that someone changed behind our back."""
    s.sql(f"DELETE FROM ledger_document WHERE idx = (SELECT idx FROM notice_revision WHERE id = '{ids[2]}')")
    both(s, f"/n/{ids[2]}")
    index = s.request("GET", f"/n/{ids[1]}.json").json()["index"]
    s.sql(f"UPDATE ledger_document SET document = REPLACE(document, '仙', '山') WHERE idx = {index}")
    both(s, f"/verify?q={index}", 500)


def another_seed(s):
    """A home whose data differ from ours: a body with its credit code; an item that nobody leads, with a channel and a supervisor of its own and a field
    that is not public. It has no notices yet."""
    folder = s.dir / "data"
    shutil.copytree(s.names["data"], folder, ignore=shutil.ignore_patterns("samples"))
    for name, old, new in (("agencies.yaml", "name_2018: 市政府,", "name_2018: 市政府, code: 11360800MB1234562F,"),
                           ("versions.yaml", "calendar: 1", "calendar: 1\nagencies: 2\nchannels: 2"),
                           ("channels.yaml", "channels:\n", "channels:\n  - {id: poster, kind: channel, title: {zh: 张贴栏, en: Posters}, basis: 本测试, confidence: own}\n"),
                           ("sectors/emission.yaml", "item: emission.notice\n    version: 1", "item: emission.notice\n    version: 2"),
                           ("sectors/emission.yaml", "    lead: [ja.ecology]\n", ""),
                           ("sectors/emission.yaml", "[portal, gov-site, venue]\n    supervision: ", "[portal, gov-site, venue, poster]\n    supervision: 另一个监督渠道;"),
                           ("sectors/emission.yaml", "label: {zh: 保证金缴纳比例, en: Bond},", "label: {zh: 保证金缴纳比例, en: Bond}, public: no,")):
        text = (folder / name).read_text(encoding="utf-8")
        s.expect(old in text, f"data/{name} has no {old}")
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    shutil.rmtree(s.home)
    s.init("--demo")
    s.conf("data", str(folder))
    seen = s.run(["catalogue", "load"])
    s.expect(seen.code == 0, seen.err)
    s.serve()
    for path in ("/", "/a/ja", "/catalogue", "/i/emission.notice", "/n", "/s/works", "/r/360800"):
        both(s, path)
    s.stop()


def run(s):
    s.clock("2026-11-02T10:00:00+08:00")
    s.init("--demo")
    samples(s)
    s.serve()
    n = walk(s)
    ids = own(s)
    for states in (notices, files):
        states(s, ids)
    asked_wrong(s)
    lost(s, ids)
    s.stop()
    another_seed(s)
    return n
