# Whoever does not believe us: the lines of the verify page run as they stand, with curl, coreutils, sed and OpenSSL.
%engines sqlite pg

home --demo
run gongkai import --profile mining $samples/mining-rights-2026-09.csv
	exit *
	out ~ ^notices: published \d+
run gongkai import --profile jiangxi $samples/notices-jiangxi-2026-03.jsonl
	exit *

serve
GET /n.json
	let id json /notices/0/id
GET /n/$id.json
	let code json /proof/code
	let digest json /proof/digest
	let index json /index

# Every way to name a notice finds it.
GET /verify.json?q=$id
	json /result/match = true
	json /result/entry/digest = "$digest"
GET /verify.json?q=$code
	json /result/match = true
	json /result/entry/id = "$id"
GET /verify.json?q=$digest
	json /result/match = true
	json /result/entry/id = "$id"
GET /verify.json?q=$index
	json /result/match = true
	json /result/entry/id = "$id"
GET /verify.json?q=ZZZZ-ZZZZ-ZZZZ
	json /result/unknown = true
	json /result/entry = null
GET /verify
	has <form method="post" action="/verify"
GET /verify.json?q=3
	json /result/entry/proof_file/href = "/log/1/checkpoint"

# What an audit from outside asks for, by index.
GET /log/1/document/$index
	has "item":
GET /log/1/salt/$index
	header Content-Length: 32
GET /log/1/salt/99999999
	status 404

# The lines on the page, for the first, a middle and the last entry. The demo's address is not that of this server.
file lines.py
	| import json, os, subprocess, urllib.request
	| url = os.environ["URL"]
	| def page(q):
	|     with urllib.request.urlopen(f"{url}/verify.json?q={q}") as r:
	|         return json.load(r)
	| size = page(0)["size"]
	| for index in (0, 1, 168, 169, size // 2, 255, size - 1):
	|     p = page(index)
	|     script = "\n".join(line["command"] for line in p["shell"]).replace("http://127.0.0.1:8080", url)
	|     done = subprocess.run(["sh", "-eu", "-c", script], capture_output=True, text=True)
	|     out = done.stdout.split("\n")
	|     assert done.returncode == 0 and out[0] == "Signature Verified Successfully", (index, done)
	|     if len(out) > 2:
	|         assert out[1] == "1" and out[2] == out[3] == p["root"], (index, out)
	| print("all lines hold")
sh python3 lines.py
	text all lines hold

# Files.
sh python3 -c 'import os,urllib.request as r;[open(n,"wb").write(r.urlopen(os.environ["URL"]+"/n/"+os.environ["ID"]+"/"+n).read()) for n in ("document","entry","proof")]'
POST /verify
	> Accept: application/json
	upload file document
	json /result/match = true
	json /result/entry/yours/digest = "$digest"
POST /verify
	> Accept: application/json
	upload file entry
	json /result/match = true
POST /verify
	> Accept: application/json
	upload file proof
	json /result/match = true
sh python3 -c 'import json;d=json.load(open("document"));d["agency"]="ja.housing";json.dump(d,open("altered","w"))'
POST /verify
	> Accept: application/json
	upload file altered
	json /result/differs = true
	json /result/entry/yours/differences # 1
	json /result/entry/yours/differences/0/field = "agency"
sh sed 's/"formed_on":"20/"formed_on":"19/' entry >forged
POST /verify
	> Accept: application/json
	upload file forged
	json /result/differs = true
	json /result/entry/yours/differences/0/field = "formed_on"
sh python3 -c 'p=open("proof").read().split("\n");i=next(i for i,l in enumerate(p) if len(l)==44);p[i]="A"*43+"=";open("forged","w").write("\n".join(p))'
POST /verify
	> Accept: application/json
	upload file forged
	json /result/differs = true
	json /result/entry/yours/differences/0/field = "proof"
sh printf 'nothing of ours' >other
POST /verify
	> Accept: application/json
	upload file other
	status 400
	json /issues # 1
	json /result = null
sh printf '{"title":"别处的公告"}' >other
POST /verify
	> Accept: application/json
	upload file other
	json /result/unknown = true

# Raw bytes say what they are.
GET /n/$id/document
	header Content-Type: ~ ^application/json
GET /n/$id/salt
	header Content-Type: application/octet-stream
GET /n/$id/proof
	header Content-Disposition: ~ ^attachment; filename="$id-1\.tlog-proof"
GET /n/$id/qr.svg
	header Content-Type: image/svg+xml
	has <path
GET /n/$id/text
	header Content-Type: ~ ^text/plain
GET /log/1/document/999999
	status 404
	header Cache-Control: no-store
