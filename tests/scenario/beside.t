# Commands beside a running server hand their acts to it, and the portal shows them within a second.
%engines sqlite pg

home --demo
serve
GET /n.json?sector=land
	json /any = false
begin import --profile land $samples/land-supply-beijing-2019h1.csv
end
	exit *
	out ~ ^notices: published \d+, revised 0$
within 1 GET /n.json?sector=land
	json /any = true
	let id json /notices/0/id
	let title json /notices/0/link/label
# Search is a follower of its own, after the projects: soon, not within a promised second.
within 15 GET /search.json?q=$id
	json /total = 1
within 1 GET /
	has $id
# Only one server has the writer's role.
run gongkai serve --listen 127.0.0.1:0
	exit 3
	err ~ [Aa]nother|already
run gongkai import --profile mining $samples/mining-rights-2026-09.csv
	exit *
within 1 GET /n.json?sector=mining
	json /any = true
run gongkai status
	out state:     ok
# A command that dies takes nothing with it.
begin import --profile yichang-award-results $samples/notices-yichang-award-results.csv
sleep 0.1
signal SIGKILL
end
	exit -9
GET /healthz
	text ok
run gongkai import --profile yichang-award-results $samples/notices-yichang-award-results.csv
	exit *
	last ~ ^rows: 
stop
run gongkai audit
	last ~ ^ok: size
