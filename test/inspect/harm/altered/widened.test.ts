/** Access that a change opens, and versions that it lowers: each row has an honest change of the same file. */
import { harmsOfChange } from './found';
import type { AlteredRow } from './found';

const NET = /whole net/;
/** In the place of a pattern: the first change of this row is harmless, too. */
const NOT_FOUND = /never/;
const ROWS: AlteredRow[] = [
  [
    'a port of compose',
    'compose.yml',
    'ports:\n  - "127.0.0.1:5432:5432"',
    'ports:\n  - "5432:5432"',
    NET,
    'ports:\n  - "127.0.0.1:5433:5432"',
  ],
  [
    'a server of node',
    'src/a.js',
    "server.listen(3000, '127.0.0.1');",
    "server.listen(3000, '0.0.0.0');",
    NET,
    "server.listen(3001, '127.0.0.1');",
  ],
  [
    'a server of Python',
    'a.py',
    'app.run(host="localhost", port=80)',
    'app.run(host="0.0.0.0", port=80)',
    NET,
    'app.run(host="localhost", port=81)',
  ],
  [
    'a server of Go',
    'a.go',
    'package a\nvar e = http.ListenAndServe("127.0.0.1:8080", nil)',
    'package a\nvar e = http.ListenAndServe(":8080", nil)',
    NET,
    'package a\nvar e = http.ListenAndServe("127.0.0.1:8081", nil)',
  ],
  ['a setting', 'redis.conf', 'bind 127.0.0.1', 'bind 0.0.0.0', NET, 'bind 127.0.0.1 ::1'],
  [
    'the name of a host',
    'src/a.js',
    "const url = 'http://localhost:3000';",
    "const url = 'http://localhost:4000';",
    NOT_FOUND,
    "const url = 'http://shop:3000';",
  ],
  [
    'origins',
    'src/a.js',
    "app.use(cors({ origin: 'https://shop.example' }));",
    "app.use(cors({ origin: '*' }));",
    /every site/,
    "app.use(cors({ origin: ['https://shop.example', 'https://pay.example'] }));",
  ],
  [
    'Django',
    'shop/settings.py',
    "ALLOWED_HOSTS = ['shop.example']",
    "ALLOWED_HOSTS = ['*']",
    /every site/,
    "ALLOWED_HOSTS = ['shop.example', 'pay.example']",
  ],
  [
    'Terraform',
    'main.tf',
    'cidr_blocks = ["10.0.0.0/16"]',
    'cidr_blocks = ["0.0.0.0/0"]',
    /every address/,
    'cidr_blocks = ["10.1.0.0/16"]',
  ],
  [
    'Spring',
    'src/main/java/A.java',
    'r.anyRequest().authenticated();',
    'r.anyRequest().permitAll();',
    /everybody/,
    'r.anyRequest().fullyAuthenticated();',
  ],
  [
    'the user of an image',
    'Dockerfile',
    'FROM node:22\nUSER node\nCMD ["node"]',
    'FROM node:22\nCMD ["node"]',
    /as root/,
    'FROM node:22\nCMD ["node"]\nUSER node',
  ],
  [
    'an image',
    'Dockerfile',
    'FROM node:22-slim AS build',
    'FROM node:10-slim AS build',
    /lowers node from 22 to 10/,
    'FROM node:24-alpine AS build',
  ],
  ['an image of Python', 'Dockerfile', 'FROM python:3.12', 'FROM python:2.7', /lowers python/, 'FROM python:3.13'],
  [
    'an image of compose',
    'docker-compose.yml',
    '    image: postgres:16',
    '    image: postgres:9.6',
    /lowers postgres/,
    '    image: postgres:16.4',
  ],
  [
    'engines',
    'package.json',
    '"engines": { "node": ">=20" }',
    '"engines": { "node": ">=8" }',
    /lowers node/,
    '"engines": { "node": ">=22" }',
  ],
  ['go.mod', 'go.mod', 'module a\n\ngo 1.22', 'module a\n\ngo 1.13', /lowers go/, 'module a\n\ngo 1.23.1'],
  [
    'Python',
    'pyproject.toml',
    'requires-python = ">=3.11"',
    'requires-python = ">=3.6"',
    /lowers/,
    'requires-python = ">=3.12"',
  ],
  ['.nvmrc', '.nvmrc', 'v22', 'v12', /lowers the toolchain/, 'v22.1.0'],
];

test.each(ROWS)(
  '%s: the harmful change is found, and the honest one is not',
  (_name, path, before, harmful, does, honest) => {
    if (does === NOT_FOUND) expect(harmsOfChange(path, before, harmful)).toEqual([]);
    else expect(harmsOfChange(path, before, harmful)).toContainEqual(expect.stringMatching(does));
    expect(harmsOfChange(path, before, honest)).toEqual([]);
  },
);
