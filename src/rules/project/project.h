/* SPDX-License-Identifier: Apache-2.0 */
/*
 * project: notices of one allocation meet (the OCDS contracting process). The first follower of the log.
 *
 * Notices with an equal code (标段编号, 项目编号, 投资项目统一代码, 统一交易标识码 …) are one project. Codes in the national form count everywhere, others on
 * their platform only. Without such a bond the title counts: on the same platform, the exact same stem (the title without its stage words, TITLE_WORD),
 * and only when the stem names one process: no two of its notices that no code joins
 * are of one stage, or disagree in a code of one kind or in the tenderee; a missing one does not disagree. What the title alone
 * joined is marked 可能属于. The outcome is a function of the set of notices, not of their order of arrival.
 */
#ifndef PROJECT_PROJECT_H
#define PROJECT_PROJECT_H

#include "notice/notice.h"

struct project_member {
	struct str id, item, stage, title_key, tenderee, public_on, project;
	int64_t idx;
	bool withdrawn, possible;
};

/* The project's name is its best code (investment, project, section …), or t-<digest> when a title alone holds it together. */
struct project {
	struct str id;
	struct project_member *members; /* in order of stage, then date */
	size_t n;
};
/* By its name or by any code of its notices (on any platform). ERR_NOT_FOUND. */
MUST_CHECK bool project_get(struct cx *cx, struct str id, struct project *out);
/* The project of a notice; *out->id is absent when the follower has not reached it. */
MUST_CHECK bool project_of_notice(struct cx *cx, struct str notice, struct project *out);
/* All codes of a project: list of {kind, value}. */
MUST_CHECK bool project_codes(struct cx *cx, const struct project *p, struct val **out);

/* Warnings that need two notices to see. */
struct project_mark {
	struct str id, rule, other, detail;
};
MUST_CHECK bool project_marks(
    struct cx *cx, struct str notice, struct project_mark **out, size_t *n_out);
/* The marks of many notices (a list's) at once, by id. */
MUST_CHECK bool project_marks_of(
    struct cx *cx, const struct str *notices, size_t n, struct project_mark **out, size_t *n_out);

/* The stem of a title (folded), absent when too short to identify anything. */
struct str project_title_stem(struct arena *mem, const struct domain *d, struct str title);
/* What a project is called after one of its notices: the title as written, without its stage words. */
struct str project_title_name(struct arena *mem, const struct domain *d, struct str title);

extern const struct follower project_follower;

#endif
