/**
 * Builds the recording variant of a source file: the same file with an appended recorder, which records the calls of its exported
 * functions. Pure.
 *
 * All lines keep their numbers. The text of the recorder comes from `sandbox-programs/replay`. If the recorder fails, the file behaves
 * as before.
 */
import { jsExports } from './js-exports';
import type { TextEdit } from './js-exports';

export interface Recorders {
  js: string;
  python: string;
}
export interface SourceText {
  path: string;
  text: string;
}
export interface Recording {
  /** The text with the recorder; null if nothing in the file can be recorded. */
  text: string | null;
  /** The names and lines of exported functions; for CommonJS and Python, of functions that may be exported. */
  functions: Array<{ name: string; line: number }>;
  /** The reason why nothing is recorded. */
  note: string | null;
}
interface RecordingOptions {
  recorders: Recorders;
  /** A folder into which the test run may write. */
  folder: string;
}

const JS = /\.(?:[cm]?[jt]s|[jt]sx)$/;
/** Global names of test runners. Some runners give them to a module as parameters, so that they are no real globals. */
const RUNNER_NAMES = ['jest', 'vi', 'vitest', 'describe', 'it', 'test', 'suite', 'expect', 'beforeEach', 'afterEach'];
const MAX_CHARS = 512 * 1024;

export function recordingOf({ path, text }: SourceText, into: RecordingOptions): Recording {
  if (/\.d\.[cm]?ts$/.test(path)) return { text: null, functions: [], note: null };
  if (text.length > MAX_CHARS || text.includes('\0')) return notRecorded(`${path} is too large or no text`);
  if (JS.test(path)) return recordJs({ path, text }, into);
  if (path.endsWith('.py')) return recordPython({ path, text }, into);
  return notRecorded(`${path}: calls in this language cannot be recorded`);
}

function notRecorded(note: string): Recording {
  return { text: null, functions: [], note };
}

function recordJs({ path, text }: SourceText, { recorders, folder }: RecordingOptions): Recording {
  const { isModule, functions, edits } = jsExports(text);
  const kind = isModule ? 'esm' : 'cjs';
  if (isModule && functions.length === 0) return notRecorded(`${path} exports no function that can be recorded`);
  const scope = RUNNER_NAMES.map((name) => `[typeof ${name}, '${name}']`).join();
  const main = `typeof require === 'function' && require.main ? require.main.filename : undefined`;
  const place = `folder: ${JSON.stringify(folder)}, path: ${JSON.stringify(path)}, kind: '${kind}', main: ${main}`;
  const options = `{ ${place}, scope: [${scope}].filter(([type]) => type !== 'undefined').map(([, name]) => name) }`;
  const wraps = isModule
    ? functions.map(({ local, name }) => `${local} = __qCalls.wrap(${local}, ${JSON.stringify(name)});`).join(' ')
    : '__qCalls.wrapAll(module);';
  const makeRecorder = `const __qModule = { exports: {} }; new Function('module', ${JSON.stringify(recorders.js)})(__qModule);`;
  const line = `try { ${makeRecorder} const __qCalls = __qModule.exports(${options}); ${wraps} } catch (__qError) {}`;
  // The appended line is excluded from type checks and from coverage.
  const marks = ['// @ts-ignore', '/* v8 ignore next */ /* c8 ignore next */ /* istanbul ignore next */'];
  const [ignore, uncounted] = marks;
  return {
    text: `${applyTextEdits(text, edits)}\n;\n${ignore}\n${uncounted} ${line}\n`,
    functions: isModule ? functions.map(({ name, line: at }) => ({ name, line: at })) : namedFunctions(text),
    note: null,
  };
}

function applyTextEdits(text: string, edits: TextEdit[]): string {
  return [...edits]
    .sort((one, other) => other.from - one.from)
    .reduce((all, { from, to, text: part }) => all.slice(0, from) + part + all.slice(to), text);
}

/** Returns the names and lines of functions and of assignments such as `exports.x =`. Findings point at these lines. */
function namedFunctions(text: string): Recording['functions'] {
  return text.split('\n').flatMap((line, index) => {
    const found =
      /^\s*(?:module\.)?exports\.([A-Za-z_$][\w$]*)\s*=/.exec(line) ??
      /^(?:async\s+)?function\s*\*?\s*([A-Za-z_$][\w$]*)/.exec(line) ??
      /^(?:const|let|var)\s+([A-Za-z_$][\w$]*)\s*=/.exec(line) ??
      /^\s*(module\.exports)\s*=/.exec(line);
    return found?.[1] === undefined ? [] : [{ name: found[1], line: index + 1 }];
  });
}

function recordPython({ path, text }: SourceText, { recorders, folder }: RecordingOptions): Recording {
  const functions = text.split('\n').flatMap((line, index) => {
    const name = /^(?:async\s+)?def\s+([A-Za-z]\w*)/.exec(line)?.[1];
    return name === undefined ? [] : [{ name, line: index + 1 }];
  });
  if (functions.length === 0) return notRecorded(`${path} has no function at its top level that can be recorded`);
  const code = `exec(compile(${asciiOf(recorders.python)}, '<q>', 'exec'), _q_calls)`;
  const record = `_q_calls['record'](globals(), ${asciiOf(folder)}, ${asciiOf(path)})`;
  const appended = [
    'try:  # pragma: no cover',
    `    _q_calls = {}; ${code}; ${record}`,
    'except Exception:  # pragma: no cover',
    '    pass',
  ];
  return { text: `${text}\n${appended.join('\n')}\n`, functions, note: null };
}

/** A JSON string that has only ASCII characters is a valid string of Python, too. */
function asciiOf(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[^\0-\x7e]/gu,
    (sign) => `\\U${(sign.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`,
  );
}
