/**
 * Finds tests that cannot fail, and automatic mocks: files that jest uses in place of a package although no test asks for it. Either
 * way the tests pass although the delivered code was not tested. Pure.
 */
import { literal } from '../../domain/literal';
import type { DeliveredFact } from '../../domain/delivered';
import { forgedResults, mayForgeResults } from '../judges/forged-results';
import { folderOf } from '../judges/resolve';
import { referencesOf } from '../judges/references';
import { changedPaths, isForTests, isProduct, linesOf } from './tree';
import type { DeliveredTree } from './tree';

/** Finds lines in changed test files that make a failing test count as passed. */
export function findForgedTests(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree).flatMap((path) => {
    if (!mayForgeResults(path)) return [];
    const after = tree.after.get(path) ?? '';
    const rows = linesOf(after);
    return forgedResults(path, { before: tree.before.get(path) ?? null, after }).map(({ line, says }) => ({
      ...{ path, line, text: rows[line - 1] ?? '', showsWholeChange: true as const },
      what: `${says}: what it lets pass is not shown to be right; take it away, and mend the test that is red`,
    }));
  });
}

const AUTOMATIC_MOCK = /^(?:|.*\/)__mocks__\/(.{1,200})\.[cm]?[jt]sx?$/;
/** Packages that reach the network, a device or a random source: tests replace these with doubles on purpose. */
const USUALLY_MOCKED =
  /^(?:axios|got|ky|node-fetch|undici|superagent|request|ws|socket\.io(?:-client)?|pg|mysql2?|mongodb|mongoose|redis|ioredis|knex|sequelize|typeorm|prisma|@prisma\/client|stripe|twilio|nodemailer|firebase(?:-admin)?|openai|electron|react-native|canvas|sharp|puppeteer|playwright|uuid|nanoid|winston|pino|chalk|ora|inquirer|kafkajs|amqplib|@(?:aws-sdk|google-cloud|azure|sentry|sendgrid|slack|octokit|supabase|anthropic-ai|react-native[\w-]*|react-native-\w+|expo|elastic)\/.*|.*(?:fetch|http|client|sdk|storage|analytics|native).*)$/;

/**
 * Finds mocks such as `__mocks__/jsonwebtoken.js` next to `node_modules`. Jest uses these without a `jest.mock` call.
 */
export function findAutomaticMocks(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree).flatMap((path): DeliveredFact[] => {
    const name = AUTOMATIC_MOCK.exec(path)?.[1];
    const root = folderOf(path.slice(0, path.indexOf('__mocks__/') + '__mocks__'.length));
    if (name === undefined || USUALLY_MOCKED.test(name) || !isBesideManifest(tree, root) || !usesJest(tree)) return [];
    const user = changedPaths(tree).find((one) => isProduct(one) && importsIn(tree, one).includes(name));
    if (user === undefined || isUnmocked(tree, name)) return [];
    const what = `is taken by jest in the place of the package ${name}, which ${user} imports: no test asks the package that goes live; take it away, or ask the package itself in a test (jest.unmock)`;
    return [{ path, line: null, what, text: '', showsWholeChange: true }];
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

/** True if a test uses the real package in spite of the mock. */
function isUnmocked({ after }: DeliveredTree, name: string): boolean {
  const escaped = literal(name);
  const unmocks = new RegExp(`\\b(?:unmock|dontMock|requireActual)(?:<[^<>]{0,80}>)?\\(\\s{0,3}["'\`]${escaped}["'\`]`);
  return [...after].some(([path, text]) => isForTests(path) && !AUTOMATIC_MOCK.test(path) && unmocks.test(text));
}
