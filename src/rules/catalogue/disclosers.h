/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From whom an item can be expected by name. The catalogue names lead bodies and the rule by which a body discloses (谁批准谁公开, 谁实施谁公开, 谁制作谁公开;
 * 吉安方案2018 二(四)). Where the rule is about the parties of a transaction (tenderer, purchaser), no list of bodies can be complete, and none is made.
 */
#ifndef CATALOGUE_DISCLOSERS_H
#define CATALOGUE_DISCLOSERS_H

#include "schema/schema.h"

struct agencies {
	const struct agency **at;
	size_t n, cap;
};

/* The bodies that a lead word means: one agency, or those of a class such as 各县(市、区)政府; none when the class has no list (市直相关部门). */
void lead_agencies(
    struct arena *mem, const struct domain *d, struct str lead, struct agencies *out);
/* Those that must disclose the item, as far as the catalogue says so; in the order of agencies.yaml, without those of a demo home. */
void item_disclosers(
    struct arena *mem, const struct domain *d, const struct item *it, struct agencies *out);
bool agencies_have(const struct agencies *list, const struct agency *a);

#endif
