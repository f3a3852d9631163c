/* SPDX-License-Identifier: Apache-2.0 */
#include "app/config.h"

#include "base/io.h"
#include "base/map.h"

#define KEY(name, type, otherwise, min, max, doc)                                                  \
	{                                                                                          \
#name, otherwise, type, offsetof(struct config, name), min, max, doc               \
	}

const struct config_key config_keys[] = {
    KEY(host, CONFIG_HOST, "", 1, 253,
	"name under which the public knows this home; the log's origin is <host>/log/<generation>"),
    KEY(city, CONFIG_TEXT, "360800", 6, 6,
	"region code of the city: first part of every notice number"),
    KEY(generation, CONFIG_INT, "1", 1, 9999, "generation of the log"),
    KEY(demo, CONFIG_YES, "no", 0, 0,
	"a demo home: bodies and places outside the city exist and every page is marked 样例"),
    KEY(db, CONFIG_TEXT, "gongkai.db", 1, 1000,
	"database: a file name below the home, or postgres://…"),
    KEY(data, CONFIG_TEXT, "", 0, 4000,
	"folder of the domain's seed (data/); empty = the one built into the program"),
    KEY(listen, CONFIG_TEXT, "127.0.0.1:8080, [::1]:8080", 1, 1000,
	"addresses to serve on, separated by commas"),
    KEY(threads, CONFIG_INT, "0", 0, 64, "serving threads; 0 = one a core"),
    KEY(proxies, CONFIG_TEXT, "", 0, 4000,
	"addresses of proxies whose X-Forwarded-For is believed, separated by commas"),
    KEY(cache_mb, CONFIG_INT, "32", 1, 65536, "memory of the reply cache, MiB"),
    KEY(rate, CONFIG_INT, "100", 1, 1000000, "requests a second that one address may make"),
    KEY(connections, CONFIG_INT, "64", 1, 100000, "connections that one address may hold"),
    {.name = NULL},
};

/* RFC 1123: labels of 1 to 63 letters, digits and hyphens, no hyphen at their ends. */
bool config_host_valid(struct str host)
{
	struct str rest = host, label;

	if (host.n == 0 || host.n > 253)
		return false;
	while (str_split(&rest, '.', &label)) {
		if (label.n == 0 || label.n > 63 || label.p[0] == '-' ||
		    label.p[label.n - 1] == '-')
			return false;
		for (size_t i = 0; i < label.n; i++) {
			char c = label.p[i];

			if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
				(c >= '0' && c <= '9') || c == '-'))
				return false;
		}
	}
	return true;
}

static bool set(struct cx *cx, struct config *c, const struct config_key *k, struct str value,
    const char *where)
{
	void *slot = (char *)c + k->offset;

	switch (k->type) {
	case CONFIG_TEXT:
		if (value.n < (size_t)k->min || value.n > (size_t)k->max)
			return cx_fail(cx, ERR_INPUT,
			    "%s: %s has %zu bytes; %" PRId64 " to %" PRId64 " are accepted", where,
			    k->name, value.n, k->min, k->max);
		*(struct str *)slot = value;
		return true;
	case CONFIG_HOST:
		if (!config_host_valid(value))
			return cx_fail(cx, ERR_INPUT,
			    "%s: %s is \"%.*s\", no host name: " CONFIG_HOST_FORM, where, k->name,
			    STR_ARG(value));
		*(struct str *)slot = value;
		return true;
	case CONFIG_INT:
		if (!str_int(value, slot) || *(int64_t *)slot < k->min || *(int64_t *)slot > k->max)
			return cx_fail(cx, ERR_INPUT,
			    "%s: %s is \"%.*s\"; a whole number from %" PRId64 " to %" PRId64
			    " is accepted",
			    where, k->name, STR_ARG(value), k->min, k->max);
		return true;
	case CONFIG_YES:
		if (!str_is(value, "yes") && !str_is(value, "no"))
			return cx_fail(cx, ERR_INPUT, "%s: %s is \"%.*s\"; yes or no is accepted",
			    where, k->name, STR_ARG(value));
		*(bool *)slot = str_is(value, "yes");
		return true;
	}
	return true;
}

static const struct config_key *key_of(struct str name)
{
	for (const struct config_key *k = config_keys; k->name; k++)
		if (str_is(name, k->name))
			return k;
	return NULL;
}

static bool unknown(struct cx *cx, const char *where, struct str name)
{
	struct map names = {0};
	struct str near;

	for (const struct config_key *k = config_keys; k->name; k++)
		(void)map_put(cx->mem, &names, str_of(k->name), NULL);
	near = map_near(&names, name);
	return cx_fail(cx, ERR_INPUT, "%s: no key \"%.*s\"%s%.*s%s", where, STR_ARG(name),
	    near.n ? "; did you mean \"" : "", STR_ARG(near), near.n ? "\"?" : "");
}

static bool line_read(
    struct cx *cx, struct config *c, struct map *seen, struct str line, const char *where)
{
	const struct config_key *k;
	struct str name = STR_NONE, value;

	line = str_trim(line);
	if (line.n == 0 || line.p[0] == '#')
		return true;
	value = line;
	(void)str_split(&value, '=', &name);
	if (value.p == NULL)
		return cx_fail(cx, ERR_INPUT, "%s: \"%.*s\" is no line of the form key = value",
		    where, STR_ARG(line));
	name = str_trim(name);
	k = key_of(name);
	if (k == NULL)
		return unknown(cx, where, name);
	if (map_has(seen, name))
		return cx_fail(cx, ERR_INPUT, "%s: %s stands twice", where, k->name);
	(void)map_put(cx->mem, seen, name, NULL);
	return set(cx, c, k, str_dup(cx->mem, str_trim(value)), where);
}

bool config_load(struct cx *cx, struct str home, struct config *out)
{
	const char *path = str_fmt(cx->mem, "%.*s/gongkai.conf", STR_ARG(home)).p;
	struct map seen = {0};
	struct str text, line;
	int number = 0;

	*out = (struct config){.home = home};
	if (!io_file_find(cx, path, 1 << 20, &text))
		return false;
	if (text.p == NULL)
		return cx_fail(cx, ERR_NOT_FOUND,
		    "%.*s is no home (it has no gongkai.conf); `gongkai --home DIR init` makes one",
		    STR_ARG(home));
	for (const struct config_key *k = config_keys; k->name; k++)
		if (k->otherwise[0] != '\0' && !set(cx, out, k, str_of(k->otherwise), "default"))
			return false;
	while (str_split(&text, '\n', &line))
		if (!line_read(cx, out, &seen, line, str_fmt(cx->mem, "%s:%d", path, ++number).p))
			return false;
	if (out->host.n == 0)
		return cx_fail(cx, ERR_INPUT,
		    "%s: host is missing: the name under which the public knows this home", path);
	return true;
}

struct str config_print(struct arena *mem, const struct config *c, bool with_docs)
{
	struct buf b = buf_new(mem, 1 << 20);

	for (const struct config_key *k = config_keys; k->name; k++) {
		const void *slot = (const char *)c + k->offset;

		if (with_docs)
			buf_fmt(&b, "# %s\n", k->doc);
		buf_fmt(&b, "%s = ", k->name);
		if (k->type == CONFIG_TEXT || k->type == CONFIG_HOST)
			buf_add(&b, *(const struct str *)slot);
		else if (k->type == CONFIG_INT)
			buf_int(&b, *(const int64_t *)slot);
		else
			buf_c(&b, *(const bool *)slot ? "yes" : "no");
		buf_c(&b, with_docs ? "\n\n" : "\n");
	}
	return buf_str(&b);
}

struct val *config_tree(struct arena *mem, const struct config *c)
{
	struct val *v = val_map(mem);

	for (const struct config_key *k = config_keys; k->name; k++) {
		const void *slot = (const char *)c + k->offset;

		if (k->type == CONFIG_TEXT || k->type == CONFIG_HOST)
			val_put(mem, v, str_of(k->name), val_text(mem, *(const struct str *)slot));
		else if (k->type == CONFIG_INT)
			val_put(mem, v, str_of(k->name), val_int(mem, *(const int64_t *)slot));
		else
			val_put(mem, v, str_of(k->name), val_bool(mem, *(const bool *)slot));
	}
	return v;
}
