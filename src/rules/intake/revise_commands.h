/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INTAKE_REVISE_COMMANDS_H
#define INTAKE_REVISE_COMMANDS_H

#include "web/command.h"

MUST_CHECK bool revise_run(struct cx *cx, struct command_args *args);
MUST_CHECK bool withdraw_run(struct cx *cx, struct command_args *args);

#endif
