/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the whole process shares: filled once by app/ at start, const afterwards. Members are pointers to types of higher rooms, so base/ imports nothing.
 */
#ifndef BASE_APP_H
#define BASE_APP_H

#include "base/str.h"

struct calendar;
struct config;
struct domain;
struct ledger;
struct templates;
struct routes;
struct words;
struct reply_cache;
struct search;

struct map;

struct app {
	struct str home; /* directory, without final slash */
	const struct map *
	    data; /* the files of data/ (path below it → struct str *), as the program or the configured folder has them */
	const struct config *config;
	const struct domain
	    *domain; /* sectors, items, fields, rules, agencies, places, code lists */
	const struct calendar *calendar;
	struct ledger *ledger; /* internally locked */
	const struct templates *templates;
	const struct routes *routes;
	const struct words *english;
	struct reply_cache *cache; /* internally locked */
	bool
	    demo; /* a demo home: bodies and places outside the city exist, pages are marked 样例 */
};

#endif
