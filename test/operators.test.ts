/**
 * Compares docs/operators.md with the code: each failure has its remedy, each command its members, and each named setting exists.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../src/domain/commands';
import { FAILURES } from '../src/domain/failures';
import { SETTINGS } from '../src/programs/config';
import { BUILD_WORKFLOW, CHECK_WORKFLOW, INSTALLATION_WORKFLOW, NOTICES_WORKFLOW } from '../src/workflows/messages';
import { PROJECT_WORKFLOW, RESTORE_WORKFLOW } from '../src/workflows/messages';

const DOCUMENT = readFileSync(join(__dirname, '../docs/operators.md'), 'utf8');
const ROWS = DOCUMENT.split('\n').filter((line) => line.startsWith('| '));

test('each failure has one row, which says whether it is tried again and what to do', () => {
  const rows = ROWS.flatMap((row) => {
    const [, type, again] = /^\| `([A-Z]\w+\.[A-Z]\w+)` \| (yes|no) \| [^|]+ \| [^|]+ \|$/.exec(row) ?? [];
    return type === undefined ? [] : [[type, again === 'yes']];
  });
  const known = Object.entries(FAILURES).map(([type, { retryable }]) => [type, retryable]);
  expect(rows.sort()).toEqual(known.sort());
});

test('each command has a row with its members', () => {
  const documentedCommands = COMMANDS.filter(({ name }) => name !== 'amend');
  for (const { name, fields } of documentedCommands) {
    // The table of notices, which comes before, has a `budget`, too.
    const row = ROWS.findLast((one) => one.split(' | ')[0]?.includes(`\`${name}\``)) ?? '';
    const members = [...row.slice(row.indexOf(' | ')).matchAll(/`([a-z_]+)`/g)].map(([, member = '']) => member);
    expect([name, ...members.sort()]).toEqual([name, ...Object.keys(fields).sort()]);
  }
});

test('each setting that the document names is one that the program reads, and each default in it is right', () => {
  const names = SETTINGS.map(({ name }) => name as string);
  const namesElsewhere = ['POSTGRES_PASSWORD', 'REPOSITORIES', 'ANTHROPIC_API_KEY_FILE'];
  const namedSettings = [...DOCUMENT.matchAll(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`/g)].map(
    ([, name = '']) => name,
  );
  expect(namedSettings.filter((name) => !names.includes(name) && !namesElsewhere.includes(name))).toEqual([]);
  expect(namedSettings.length).toBeGreaterThan(50);
  const documentedDefaults = ROWS.flatMap((row) => {
    const [, name = '', value = ''] = /^\| `([A-Z_]+)` \| (\d+|none) \|/.exec(row) ?? [];
    return name === '' ? [] : [[name, value]];
  });
  const defaults = new Map<string | undefined, string | undefined>(SETTINGS.map((one) => [one.name, one.default]));
  expect(documentedDefaults.length).toBeGreaterThan(4);
  expect(documentedDefaults).toEqual(documentedDefaults.map(([name = '']) => [name, defaults.get(name) ?? 'none']));
});

test('each kind of workflow has a row', () => {
  const kinds = [
    BUILD_WORKFLOW,
    PROJECT_WORKFLOW,
    NOTICES_WORKFLOW,
    RESTORE_WORKFLOW,
    CHECK_WORKFLOW,
    INSTALLATION_WORKFLOW,
  ];
  expect(kinds.filter((kind) => !ROWS.some((row) => row.startsWith(`| \`${kind}\` |`)))).toEqual([]);
});
