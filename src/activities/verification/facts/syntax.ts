/**
 * Checks the syntax of the changed files, in every project. JSON is parsed here, and code is parsed in the sandbox in one run.
 */
import { readPackageJson } from '../../../inspect/manifests/package-json';
import type { PackageJson } from '../../../inspect/manifests/package-json';
import type { CheckFact } from '../../../domain/gates/facts';
import type { Deps } from '../../deps';
import { changedSources, foldersAbove } from '../../../inspect/dependencies/change-texts';
import type { Change } from './change';
import { measureInEmptyFolder } from './measure-check';
import { layOutSyntax, readSyntax, SYNTAX_COMMAND } from './syntax-program';
import type { SyntaxFile } from './syntax-program';

const TIMEOUT_MS = 120_000;
const MESSAGE_LIMIT_CHARS = 120;
/** Files whose tools allow comments and trailing commas in JSON. */
const JSON_WITH_COMMENTS =
  /(^|\/)([tj]sconfig[^/]*|\.eslintrc|\.babelrc|\.swcrc|devcontainer|api-extractor|tslint|turbo|deno)\.json$|(^|\/)\.vscode\//;
/** Folders with files that may be wrong on purpose. */
const FIXTURE = /(^|\/)(fixtures?|__fixtures__|testdata)\//;

export async function checkSyntax(deps: Deps, change: Change): Promise<CheckFact> {
  const sources = changedSources(change).filter(({ path }) => !FIXTURE.test(path));
  const jsonProblems = sources
    .filter(({ path }) => path.endsWith('.json') && !JSON_WITH_COMMENTS.test(path))
    .flatMap(parseJson);
  const files = sources.flatMap((source) => toSyntaxFile(change, source));
  if (files.length === 0 && jsonProblems.length === 0)
    return { kind: 'syntax', run: null, notRun: 'no file of a language that is parsed here' };
  const shown = `node (parse) ${files.length} files`;
  const check = { commit: change.commit, command: SYNTAX_COMMAND, shown, timeoutMs: TIMEOUT_MS };
  const { run, output } = await measureInEmptyFolder(deps, check, (folder) => layOutSyntax(folder, files));
  const problems = readSyntax(output);
  const found = problems?.map(
    ({ path, line, message }) => `${path}${line === null ? '' : `:${line}`}: ${shortenMessage(message)}`,
  );
  return {
    kind: 'syntax',
    run,
    findings: [...jsonProblems, ...(found ?? ['the parser ended before it had read all files'])],
  };
}

function parseJson({ path, text }: { path: string; text: string }): string[] {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''));
    return [];
  } catch (error) {
    return [`${path}: ${shortenMessage(error instanceof Error ? error.message : 'not JSON')}`];
  }
}

function toSyntaxFile(change: Change, { path, text }: { path: string; text: string }): SyntaxFile[] {
  if (path.endsWith('.py')) return [{ path, text, goal: 'python' }];
  if (path.endsWith('.mjs')) return [{ path, text, goal: 'module' }];
  if (path.endsWith('.cjs')) return [{ path, text, goal: 'either' }];
  if (!path.endsWith('.js')) return [];
  const manifest = nearestManifest(change, path);
  if (isOtherLanguage(text, manifest)) return [];
  return [{ path, text, goal: manifest?.type === 'module' ? 'module' : 'either' }];
}

/** True for JSX or Flow in a `.js` file of a project that compiles them. */
function isOtherLanguage(text: string, manifest: PackageJson | undefined): boolean {
  const compilers = [
    'react',
    'preact',
    'solid-js',
    'next',
    '@babel/core',
    '@swc/core',
    'esbuild',
    'vite',
    'react-native',
  ];
  const usesCompiler = compilers.some((name) => manifest?.declared.has(name));
  return usesCompiler && /<\/[A-Za-z>]|\/>|^[^\S\n]*(?:\/[/*].*)?@flow/m.test(text);
}

function nearestManifest({ after }: Change, path: string): PackageJson | undefined {
  const text = foldersAbove(path)
    .map((folder) => after.get(`${folder}package.json`))
    .find((found) => found !== undefined);
  return text === undefined ? undefined : readPackageJson(text);
}

/** Shortens the message to one line and removes long quotations of the file. */
function shortenMessage(message: string): string {
  return message
    .replace(/\s+/g, ' ')
    .replace(/"[^"]{40,}"|`[^`]{40,}`/g, '…')
    .slice(0, MESSAGE_LIMIT_CHARS);
}
