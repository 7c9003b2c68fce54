/**
 * docs/operators.md beside the code: each failure with its way out, each command with its members, no setting that is none.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../src/domain/commands';
import { FAILURES } from '../src/domain/failures';
import { SETTINGS } from '../src/programs/config';
import { BUILD_WORKFLOW, CHECK_WORKFLOW, INSTALLATION_WORKFLOW } from '../src/workflows/messages';
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
  const byHand = COMMANDS.filter(({ name }) => name !== 'amend');
  for (const { name, fields } of byHand) {
    const row = ROWS.find((one) => one.split(' | ')[0]?.includes(`\`${name}\``)) ?? '';
    const members = [...row.slice(row.indexOf(' | ')).matchAll(/`([a-z_]+)`/g)].map(([, member = '']) => member);
    expect([name, ...members.sort()]).toEqual([name, ...Object.keys(fields).sort()]);
  }
});

test('each setting that it names is one that the program reads, and each default that it gives is right', () => {
  const names = SETTINGS.map(({ name }) => name as string);
  const others = ['POSTGRES_PASSWORD', 'REPOSITORIES', 'ANTHROPIC_API_KEY_FILE'];
  const named = [...DOCUMENT.matchAll(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !names.includes(name) && !others.includes(name))).toEqual([]);
  expect(named.length).toBeGreaterThan(50);
  const given = ROWS.flatMap((row) => {
    const [, name = '', value = ''] = /^\| `([A-Z_]+)` \| (\d+|none) \|/.exec(row) ?? [];
    return name === '' ? [] : [[name, value]];
  });
  const defaults = new Map<string | undefined, string | undefined>(SETTINGS.map((one) => [one.name, one.default]));
  expect(given.length).toBeGreaterThan(4);
  expect(given).toEqual(given.map(([name = '']) => [name, defaults.get(name) ?? 'none']));
});

test('each kind of workflow has a row', () => {
  const kinds = [BUILD_WORKFLOW, PROJECT_WORKFLOW, RESTORE_WORKFLOW, CHECK_WORKFLOW, INSTALLATION_WORKFLOW];
  expect(kinds.filter((kind) => !ROWS.some((row) => row.startsWith(`| \`${kind}\` |`)))).toEqual([]);
});
