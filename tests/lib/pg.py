#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A temporary PostgreSQL 15 cluster for tests: own directory, unix socket only, locale C, never as root.

  pg.py start DIR        makes DIR (which must not exist), starts the cluster, prints its URL
  pg.py stop DIR         stops it by its process id and removes DIR
  pg.py run COMMAND...   both around COMMAND, which sees GONGKAI_PG_URL; exits as COMMAND does
"""
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time

BIN = os.environ.get('GONGKAI_PG_BIN', '/usr/lib/postgresql/15/bin')
WAIT = 30  # seconds

# Small, and durable as in service: db refuses fsync=off.
CONFIG = """
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 40
shared_buffers = 64MB
fsync = on
synchronous_commit = on
autovacuum = off
log_min_messages = warning
"""


def owner():
    """PostgreSQL refuses to run as root: the account that Debian's package makes, or nobody."""
    if os.getuid() != 0:
        return pwd.getpwuid(os.getuid())
    for name in ('postgres', 'nobody'):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    sys.exit('pg.py: running as root, and there is neither an account postgres nor nobody')


def as_owner(command, **more):
    if os.getuid() != 0:
        return subprocess.Popen(command, **more)
    who = owner()
    return subprocess.Popen(command, user=who.pw_uid, group=who.pw_gid, extra_groups=[], cwd='/', **more)


def ready(directory):
    """The postmaster writes its state into the eighth line of its pid file."""
    try:
        lines = open(os.path.join(directory, 'data', 'postmaster.pid'), encoding='ascii').read().split('\n')
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[7].strip() == 'ready'


def start(directory):
    os.mkdir(directory, 0o700)
    if os.getuid() == 0:
        os.chown(directory, owner().pw_uid, owner().pw_gid)
    data = os.path.join(directory, 'data')
    made = as_owner([f'{BIN}/initdb', '--pgdata', data, '--username', 'gongkai', '--auth', 'trust', '--locale', 'C',
                     '--encoding', 'UTF8', '--no-sync'], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    text, _ = made.communicate()
    if made.returncode != 0:
        sys.exit(f'pg.py: initdb failed:\n{text}')
    with open(os.path.join(data, 'postgresql.conf'), 'a', encoding='ascii') as conf:
        conf.write(CONFIG + f"unix_socket_directories = '{directory}'\n")
    log = os.path.join(directory, 'log')
    with open(log, 'wb') as out:
        server = as_owner([f'{BIN}/postgres', '-D', data], stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
    end = time.monotonic() + WAIT
    while not ready(directory):
        if server.poll() is not None or time.monotonic() > end:
            sys.exit('pg.py: the server did not start:\n' + open(log, encoding='utf-8', errors='replace').read())
        time.sleep(0.05)
    return f'postgresql://gongkai@/postgres?host={directory}'


def alive(pid):
    """A dead child that nobody waited for is not alive."""
    try:
        return open(f'/proc/{pid}/stat', encoding='ascii').read().rsplit(')', 1)[1].split()[0] != 'Z'
    except FileNotFoundError:
        return False


def stop(directory):
    pid_file = os.path.join(directory, 'data', 'postmaster.pid')
    if os.path.exists(pid_file):
        pid = int(open(pid_file, encoding='ascii').readline())
        os.kill(pid, signal.SIGINT)  # fast shutdown
        end = time.monotonic() + WAIT
        while alive(pid):
            if time.monotonic() > end:
                sys.exit(f'pg.py: server {pid} does not stop')
            time.sleep(0.05)
    shutil.rmtree(directory)


def run(command):
    parent = tempfile.mkdtemp(prefix='gongkai-pg-')
    os.chmod(parent, 0o755)
    directory = os.path.join(parent, 'pg')
    try:
        url = start(directory)
        return subprocess.call(command, env={**os.environ, 'GONGKAI_PG_URL': url})
    finally:
        if os.path.isdir(directory):
            stop(directory)
        os.rmdir(parent)


if len(sys.argv) == 3 and sys.argv[1] == 'start':
    print(start(os.path.abspath(sys.argv[2])))
elif len(sys.argv) == 3 and sys.argv[1] == 'stop':
    stop(os.path.abspath(sys.argv[2]))
elif len(sys.argv) > 2 and sys.argv[1] == 'run':
    sys.exit(run(sys.argv[2:]))
else:
    sys.exit(__doc__)
