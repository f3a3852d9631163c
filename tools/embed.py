#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The only generator: turns files into const arrays.

  embed.py sql IN.sql OUT.c OUT.h        named statements -> struct db_sql constants (see src/ground/db/db.h)
  embed.py files NAME ROOT OUT.c OUT.h DEP SUFFIX...   every file below ROOT with such a suffix -> table NAME
"""
import os
import re
import sys

HEAD = re.compile(r'^--\s*([a-z0-9_]+):\s*(.*)$')


def c_string(text):
    lines = text.split('\n')
    quoted = []
    for i, line in enumerate(lines):
        end = '\\n' if i + 1 < len(lines) else ''
        escaped = line.replace('\\', '\\\\').replace('"', '\\"')
        quoted.append(f'\t"{escaped}{end}"')
    return '\n'.join(quoted)


def parse_sql(path):
    statements, current = [], None
    for number, line in enumerate(open(path, encoding='utf-8'), 1):
        line = line.rstrip('\n')
        head = HEAD.match(line)
        if head:
            current = {'name': head[1], 'engine': None, 'doc': head[2], 'lines': []}
            if head[2] in ('sqlite', 'postgres'):
                current['engine'] = head[2]
            statements.append(current)
        elif current is None:
            if line.strip() and not line.startswith('--'):
                sys.exit(f'{path}:{number}: a statement without a name: write "-- name: sentence" before it')
        elif not line.lstrip().startswith('--'):
            current['lines'].append(line)
    return statements


def emit_sql(source, out_c, out_h):
    room = os.path.basename(source)[:-4]
    merged = {}
    for s in parse_sql(source):
        text = '\n'.join(s['lines']).strip()
        if text.endswith(';'):
            text = text[:-1]
        if not text:
            sys.exit(f'{source}: statement {s["name"]} is empty')
        slot = merged.setdefault(s['name'], {})
        key = s['engine'] or 'both'
        if key in slot or ('both' in slot):
            sys.exit(f'{source}: statement {s["name"]} stands twice')
        slot[key] = text
    with open(out_h, 'w', encoding='utf-8') as h, open(out_c, 'w', encoding='utf-8') as c:
        guard = f'{room.upper()}_SQL_H'
        h.write(f'#ifndef {guard}\n#define {guard}\n#include "db/db.h"\n')
        c.write(f'#include "{os.path.basename(out_h)}"\n')
        names = []
        for name, slot in merged.items():
            if 'both' not in slot and set(slot) != {'sqlite', 'postgres'}:
                sys.exit(f'{source}: statement {name} needs both engines')
            constant = f'SQL_{name.upper()}'
            names.append(constant)
            h.write(f'extern const struct db_sql {constant};\n')
            first = slot.get('both') or slot['sqlite']
            second = c_string(slot['postgres']) if 'postgres' in slot else 'NULL'
            c.write(f'const struct db_sql {constant} = {{"{name}",\n{c_string(first)},\n{second}}};\n')
        h.write(f'extern const struct db_sql *const {room}_sql[]; /* ended by NULL */\n#endif\n')
        c.write(f'const struct db_sql *const {room}_sql[] = {{' + ', '.join('&' + n for n in names) + ', NULL};\n')


def emit_files(name, root, out_c, out_h, dep, suffixes):
    paths, below = [], []
    for folder, folders, files in os.walk(root):
        below.append(folder)  # a new file changes its folder
        folders[:] = sorted(d for d in folders if not d.startswith('.') and os.path.join(folder, d) != os.path.join(root, 'samples'))
        paths += [os.path.join(folder, f) for f in sorted(files) if f.endswith(tuple(suffixes))]
    with open(out_h, 'w', encoding='utf-8') as h:
        h.write(f'#ifndef EMBED_{name.upper()}_H\n#define EMBED_{name.upper()}_H\n#include "base/str.h"\n'
                f'struct embedded_{name} {{\n\tconst char *path;\n\tstruct str text;\n}};\n'
                f'extern const struct embedded_{name} {name}_files[]; /* ended by path NULL */\n#endif\n')
    with open(out_c, 'w', encoding='utf-8') as c:
        c.write(f'#include "{os.path.basename(out_h)}"\n')
        for i, path in enumerate(paths):
            data = open(path, 'rb').read()
            c.write(f'static const unsigned char f{i}[] = {{')
            for at in range(0, len(data), 4096):
                c.write(','.join(map(str, data[at:at + 4096])) + ',\n')
            c.write('0};\n')
        c.write(f'const struct embedded_{name} {name}_files[] = {{\n')
        for i, path in enumerate(paths):
            c.write(f'\t{{"{os.path.relpath(path, root)}", {{(const char *)f{i}, sizeof f{i} - 1}}}},\n')
        c.write('\t{NULL, {NULL, 0}},\n};\n')
    with open(dep, 'w', encoding='utf-8') as d:
        d.write(f'{out_c} {out_h}: ' + ' '.join(below + paths) + '\n')


if sys.argv[1] == 'sql':
    emit_sql(*sys.argv[2:5])
else:
    emit_files(*sys.argv[2:7], sys.argv[7:])
