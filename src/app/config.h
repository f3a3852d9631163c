/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A home's settings: HOME/gongkai.conf, lines "key = value", # begins a comment. One row per key gives default, check, help and manual
 * (config_keys). Messages name the file, line, what stood there and what would be accepted.
 */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include "base/base.h"
#include "codec/val.h"

struct config {
	struct str home;
	struct str host, city, db, listen, proxies, data;
	int64_t generation, threads, cache_mb, rate, connections;
	bool demo;
};

enum config_type { CONFIG_TEXT, CONFIG_HOST, CONFIG_INT, CONFIG_YES };
#define CONFIG_HOST_FORM "letters, digits and hyphens between dots are accepted, at most 253"

struct config_key {
	const char *name, *otherwise; /* default as text */
	enum config_type type;
	size_t offset;
	int64_t min, max;
	const char *doc;
};
extern const struct config_key config_keys[]; /* ended by name NULL */

bool config_host_valid(struct str host);
MUST_CHECK bool config_load(struct cx *cx, struct str home, struct config *out);
/* "key = value" lines with the sentence above each, for init and config --check. */
/* The same as {key: value}. */
struct val *config_tree(struct arena *mem, const struct config *c);
struct str config_print(struct arena *mem, const struct config *c, bool with_docs);

#endif
