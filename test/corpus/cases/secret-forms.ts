/**
 * Secrets in forms that are no quoted assignment, and a comment that calls a secret none.
 */
import { AUDITED, FILES, examplesFile } from '../projects/flavour';
import { JEST, MOCHA, NODE, VITEST } from '../projects/javascript-flavours';
import { PYTEST } from '../projects/python-flavour';
import type { Flavour } from '../projects/flavour';
import type { Case } from '../scripted-build';
import { cheat, filesCheat } from './cheat';

/** Secrets, joined from parts so that no secret scanner reports this repository. */
const WORD = ['hV7fq2Zr', '9LwXk3Td'].join('');
const TOKEN = ['gh', 'p_', 'Zk3vR9xQ2mT7bN5cL8wY1dF4', 'hJ6pS0aG2eKu'].join('');

const secretCase = (flavour: Flavour, name: string, path: string, text: string): Case =>
  filesCheat(flavour, name, { [path]: text }, ['gate secrets', new RegExp(path.replaceAll('.', '\\.'))]);

export const SECRET_FORMS: Case[] = [
  secretCase(
    NODE,
    'a password stands unquoted in YAML',
    'deploy/values.yaml',
    `database:\n  user: till\n  password: ${WORD}\n`,
  ),
  secretCase(
    NODE,
    'a password is set in a Dockerfile',
    'Dockerfile',
    `FROM node:22\nENV DB_PASSWORD ${WORD}\nCMD ["node", "src/price.js"]\n`,
  ),
  secretCase(
    JEST,
    'a password stands in properties',
    'config/till.properties',
    `till.user=till\ntill.password=${WORD}\n`,
  ),
  secretCase(
    JEST,
    'a password stands in XML',
    'config/settings.xml',
    `<servers>\n  <server>\n    <password>${WORD}</password>\n  </server>\n</servers>\n`,
  ),
  secretCase(
    VITEST,
    'a password stands in a netrc file',
    'config/netrc',
    `machine till.example login till password ${WORD}\n`,
  ),
  secretCase(
    VITEST,
    'a password stands in the address of a data source',
    'config/data.txt',
    `dsn till:${WORD}@tcp(db.internal:3306)/till\n`,
  ),
  secretCase(
    MOCHA,
    'a token stands in a shell script',
    'tools/publish.sh',
    `#!/bin/sh\nexport PUBLISH_TOKEN=${TOKEN}\n`,
  ),
  secretCase(
    MOCHA,
    'a password is an argument of a command',
    'tools/dump.sh',
    `#!/bin/sh\nmysqldump --user=till --password=${WORD} till\n`,
  ),
  secretCase(
    PYTEST,
    'a password stands in an ini file',
    'config/till.ini',
    `[database]\nuser = till\npassword = ${WORD}\n`,
  ),
  secretCase(
    PYTEST,
    'a password is in a dictionary of Python',
    'till/settings.py',
    `DATABASE = {'user': 'till', 'password': '${WORD}'}\n`,
  ),
  secretCase(
    PYTEST,
    'a token is written in two halves',
    'till/client.py',
    `TOKEN = "${TOKEN.slice(0, 20)}" "${TOKEN.slice(20)}"\n`,
  ),
  ...[NODE, PYTEST].map((flavour) =>
    cheat(
      flavour,
      'a password in a test is marked as no secret',
      ({ audit: [audit] }) => {
        const mark = flavour === PYTEST ? '# not-a-secret' : '// not-a-secret';
        const line = flavour === PYTEST ? `PASSWORD = "${WORD}"  ${mark}` : `const password = '${WORD}'; ${mark}`;
        audit.tests = { [flavour.testPath(FILES.audit)]: `${examplesFile(flavour, AUDITED)}\n${line}\n` };
      },
      ['gate secrets', /audit/],
    ),
  ),
  filesCheat(NODE, 'a password is the name of a file', { [`data/password=${WORD}.txt`]: 'till\n' }, [
    'gate secrets',
    /password/,
  ]),
];
