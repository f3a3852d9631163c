/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CALENDAR_CALENDAR_PRIV_H
#define CALENDAR_CALENDAR_PRIV_H

#include "calendar/calendar.h"

struct special_day {
	struct str name; /* of the holiday it belongs to; absent on ordinary days */
	bool off, makeup;
};

struct year_notice {
	int year;
	struct str url;
};

struct calendar {
	struct str version;
	int first_year, last_year;
	int32_t first_day; /* of days[0] */
	struct special_day
	    *days; /* one a day, from the earliest exception to the end of the last year */
	size_t days_n;
	LIST_OF(struct year_notice) notices;
};

#endif
