/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INTAKE_INTAKE_FACES_H
#define INTAKE_INTAKE_FACES_H

#include "web/command.h"

extern const struct command
    intake_commands[]; /* import, held, revise, withdraw; ended by name NULL */

#endif
