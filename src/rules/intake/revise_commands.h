/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INTAKE_REVISE_COMMANDS_H
#define INTAKE_REVISE_COMMANDS_H

#include "base/base.h"

struct command_args;

/* `revise ID FILE`: checks the whole corrected document and publishes it as the next revision; issues that hold are printed, exit code 1. */
MUST_CHECK bool revise_run(struct cx *cx, struct command_args *args);
/* `withdraw ID`: with a ground of the code list and a reason in words. */
MUST_CHECK bool withdraw_run(struct cx *cx, struct command_args *args);

#endif
