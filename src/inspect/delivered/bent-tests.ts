/**
 * Tests whose red counts as green, and files that a runner takes in the place of a package by themselves: who judges the change does
 * not ask what goes live. Pure.
 */
import { literal } from '../../domain/literal';
import type { DeliveredFact } from '../../domain/delivered';
import { bentResults, mayBend } from '../judges/bent-results';
import { folderOf } from '../judges/resolve';
import { referencesOf } from '../judges/references';
import { changedPaths, isForTests, isProduct, linesOf } from './tree';
import type { DeliveredTree } from './tree';

export function bentTests(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree).flatMap((path) => {
    if (!mayBend(path)) return [];
    const after = tree.after.get(path) ?? '';
    const rows = linesOf(after);
    return bentResults(path, { before: tree.before.get(path) ?? null, after }).map(({ line, says }) => ({
      ...{ path, line, text: rows[line - 1] ?? '', isWhole: true as const },
      what: `${says}: what it lets pass is not shown to be right; take it away, and mend the test that is red`,
    }));
  });
}

const AUTOMATIC = /^(?:|.*\/)__mocks__\/(.{1,200})\.[cm]?[jt]sx?$/;
/** What no test may reach, or what is otherwise each time: a double is how it is tested. */
const OUTSIDE =
  /^(?:axios|got|ky|node-fetch|undici|superagent|request|ws|socket\.io(?:-client)?|pg|mysql2?|mongodb|mongoose|redis|ioredis|knex|sequelize|typeorm|prisma|@prisma\/client|stripe|twilio|nodemailer|firebase(?:-admin)?|openai|electron|react-native|canvas|sharp|puppeteer|playwright|uuid|nanoid|winston|pino|chalk|ora|inquirer|kafkajs|amqplib|@(?:aws-sdk|google-cloud|azure|sentry|sendgrid|slack|octokit|supabase|anthropic-ai|react-native[\w-]*|react-native-\w+|expo|elastic)\/.*|.*(?:fetch|http|client|sdk|storage|analytics|native).*)$/;

/** `__mocks__/jsonwebtoken.js` beside node_modules: jest takes it without being told. */
export function automaticMocks(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree).flatMap((path): DeliveredFact[] => {
    const name = AUTOMATIC.exec(path)?.[1];
    const root = folderOf(path.slice(0, path.indexOf('__mocks__/') + '__mocks__'.length));
    if (name === undefined || OUTSIDE.test(name) || !isBesideManifest(tree, root) || !usesJest(tree)) return [];
    const user = changedPaths(tree).find((one) => isProduct(one) && importsIn(tree, one).includes(name));
    if (user === undefined || isAskedFor(tree, name)) return [];
    const what = `is taken by jest in the place of the package ${name}, which ${user} imports: no test asks the package that goes live; take it away, or ask the package itself in a test (jest.unmock)`;
    return [{ path, line: null, what, text: '', isWhole: true }];
  });
}

function isBesideManifest({ paths }: DeliveredTree, root: string): boolean {
  return paths.includes(root === '' ? 'package.json' : `${root}/package.json`);
}

function usesJest({ after, testCommand }: DeliveredTree): boolean {
  const manifests = [...after].filter(([path]) => /(^|\/)package\.json$/.test(path));
  return /\bjest\b/.test(testCommand.join(' ')) || manifests.some(([, text]) => /"(?:ts-)?jest"/.test(text));
}

function importsIn({ after }: DeliveredTree, path: string): string[] {
  return referencesOf(path, after.get(path) ?? '').imports;
}

function isAskedFor({ after }: DeliveredTree, name: string): boolean {
  const plain = literal(name);
  const asks = new RegExp(`\\b(?:unmock|dontMock|requireActual)(?:<[^<>]{0,80}>)?\\(\\s{0,3}["'\`]${plain}["'\`]`);
  return [...after].some(([path, text]) => isForTests(path) && !AUTOMATIC.test(path) && asks.test(text));
}
