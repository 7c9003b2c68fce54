/**
 * The program that parses changed files inside the sandbox: all of them in one run, and none is executed.
 *
 * It reads `files.json` and prints one line `syntax <json>`; Python files are handed on to one python3.
 */
export interface SyntaxFile {
  path: string;
  text: string;
  /** `either`: a script or a module, as node itself would try. */
  goal: 'module' | 'either' | 'python';
}
export interface SyntaxProblem {
  path: string;
  line: number | null;
  message: string;
}

export const SYNTAX_INPUT = 'files.json';

const PYTHON = `
import ast, json, sys
problems = []
for file in json.load(sys.stdin):
    try:
        ast.parse(file['text'])
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        problems.append({'path': file['path'], 'line': getattr(error, 'lineno', None), 'message': str(getattr(error, 'msg', None) or error)})
print(json.dumps(problems))
`;

const PROGRAM = `
const fs = require('node:fs');
const vm = require('node:vm');
const { spawnSync } = require('node:child_process');
const files = JSON.parse(fs.readFileSync('${SYNTAX_INPUT}', 'utf8'));
const asModule = (text) => new vm.SourceTextModule(text, { identifier: 'file' });
const asScript = (text) => vm.compileFunction(text, ['exports', 'require', 'module', '__filename', '__dirname']);
const problems = [];
// The engine keeps the line of a module's error to itself; node's own check prints it.
const lineOf = (source, goal) => {
  const file = '/tmp/source.' + (goal === 'module' ? 'mjs' : 'js');
  fs.writeFileSync(file, source);
  const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' });
  const line = /^\\S*source\\.m?js:(\\d+)/m.exec(stderr);
  return line ? Number(line[1]) : null;
};
for (const { path, text, goal } of files) {
  if (goal === 'python') continue;
  const source = text.replace(/^#!.*/, '');
  const errors = (goal === 'module' ? [asModule] : [asModule, asScript]).map((parse) => {
    try { parse(source); return null; } catch (error) { return error; }
  });
  if (errors.includes(null)) continue;
  problems.push({ path, line: problems.length < 20 ? lineOf(source, goal) : null, message: String(errors[0].message) });
}
const python = files.filter((file) => file.goal === 'python');
if (python.length > 0) {
  const run = spawnSync('python3', ['-c', ${JSON.stringify(PYTHON)}], {
    input: JSON.stringify(python), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024,
  });
  if (run.status === 0) problems.push(...JSON.parse(run.stdout));
  else problems.push({ path: python[0].path, line: null, message: 'python3 could not be run to parse it' });
}
fs.writeSync(1, 'syntax ' + JSON.stringify(problems) + '\\n');
`;

export const SYNTAX_COMMAND = ['node', '--no-warnings', '--experimental-vm-modules', '-e', PROGRAM];

/** Undefined where the program did not get to its end. */
export function readSyntax(output: string): SyntaxProblem[] | undefined {
  const line = output.split('\n').find((row) => row.startsWith('syntax '));
  return line === undefined ? undefined : (JSON.parse(line.slice('syntax '.length)) as SyntaxProblem[]);
}
