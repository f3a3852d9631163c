/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HOME/control.sock: how a command beside a running server hands its acts over. A frame is four bytes of length, big-endian, and JSON. The client
 * sends {"acts":[…]}, the server answers in order {"results":[…]} or {"code","message"}. Only the home's owner and root are heard.
 */
#ifndef LEDGER_CONTROL_H
#define LEDGER_CONTROL_H

#include <sys/un.h>

#include "ledger/ledger_priv.h"

#define FRAME_MAX (64u << 20)

/* HOME/control.sock; through a descriptor of HOME, which stays open with the ledger, when the path is too long for a socket. */
MUST_CHECK bool control_address(struct cx *cx, struct ledger *l, struct sockaddr_un *out);
/* Is the other end this user, root, or the owner of the home? */
MUST_CHECK bool control_peer_check(struct cx *cx, const struct ledger *l, int fd);

MUST_CHECK bool frame_write(struct cx *cx, int fd, const struct val *v);
/* *out NULL: the other end has closed. */
MUST_CHECK bool frame_read(struct cx *cx, int fd, struct val **out);

struct val *acts_print(struct arena *mem, const struct act *acts, size_t n);
MUST_CHECK bool acts_parse(
    struct cx *cx, const struct val *frame, struct act **acts_out, size_t *n_out);
struct val *results_print(struct arena *mem, const struct act *acts, size_t n);
/* Into the acts' results; false with the server's own failure when it gave one. */
MUST_CHECK bool results_parse(struct cx *cx, const struct val *frame, struct act *acts, size_t n);

#endif
