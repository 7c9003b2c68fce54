/**
 * Compares README's tables with the code: they have each field of the start request and each route of the API, and no other.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { rightsFor } from '../src/domain/access';
import { startSchema } from '../src/requests/start-request';
import { allRoutes } from './api/access/closed';

const README = readFileSync(join(__dirname, '../README.md'), 'utf8');

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
}
const schema = z.toJSONSchema(startSchema, { unrepresentable: 'any' }) as JsonSchema;

test('the table of start options has each field of the schema and no other', () => {
  expect(namesIn('### Start options').sort()).toEqual(Object.keys(schema.properties ?? {}).sort());
});

test('the table of release fields has each field of the schema and no other', () => {
  expect(namesIn('| field of `release` |').sort()).toEqual(
    Object.keys(schema.properties?.release?.properties ?? {}).sort(),
  );
});

test.each(Object.keys(schema.properties ?? {}))('the form of %s names each of its members', (field) => {
  const fieldSchema = schema.properties?.[field];
  const text = field === 'release' ? tableAfter('| field of `release` |') : rowOf(field);
  expect(membersOf(fieldSchema).filter((name) => !text.includes(`"${name}"`) && !text.includes(`\`${name}\``))).toEqual(
    [],
  );
});

test('the reference of the API has each route below /api with its right, and no other', () => {
  const readmeRoutes = tableAfter('### Reference')
    .split('\n')
    .flatMap((row) => {
      const [, method, path, right] = /^\| `(GET|POST|PUT|PATCH) (\/api\/\S*)` \| (\w+) \|/.exec(row) ?? [];
      return method === undefined ? [] : [`${method} ${path} ${right}`];
    });
  const codeRoutes = allRoutes()
    .filter(({ path }) => path.startsWith('/api/'))
    .map(({ method, path, needs }) => {
      const action = typeof needs === 'string' && needs !== 'nothing' ? needs : undefined;
      return `${method.toUpperCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')} ${action && rightsFor(action)[0]}`;
    });
  expect(readmeRoutes.sort()).toEqual(codeRoutes.sort());
});

function tableAfter(marker: string): string {
  const at = README.indexOf(marker);
  expect(at).toBeGreaterThan(-1);
  const lines = README.slice(at).split('\n');
  const first = lines.findIndex((line) => line.startsWith('|'));
  const length = lines.slice(first).findIndex((line) => !line.startsWith('|'));
  return lines.slice(first + 2, first + length).join('\n');
}

/** The names in the first column of the table after `marker`. */
function namesIn(marker: string): string[] {
  const firstCells = tableAfter(marker)
    .split('\n')
    .map((row) => row.split(' | ')[0] ?? '');
  return firstCells.flatMap((cell) => [...cell.matchAll(/`([a-z_]+)`/g)].map(([, name = '']) => name));
}

function rowOf(field: string): string {
  return (
    tableAfter('### Start options')
      .split('\n')
      .find((row) => row.startsWith(`| \`${field}\` |`)) ?? ''
  );
}

function membersOf({ properties = {}, items, anyOf = [] }: JsonSchema = {}): string[] {
  const ownMembers = Object.entries(properties).flatMap(([name, one]) => [name, ...membersOf(one)]);
  return [...ownMembers, ...(items === undefined ? [] : membersOf(items)), ...anyOf.flatMap((one) => membersOf(one))];
}
