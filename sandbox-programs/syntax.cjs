// @ts-check
/**
 * Parses the files that are listed in `files.json` in its folder, without executing them. Prints one line: `syntax <json>`.
 *
 * `syntax.py` in the same folder parses all Python files in one run of python3.
 */
'use strict';
const fs = require('node:fs');
const vm = require('node:vm');
const { spawnSync } = require('node:child_process');

/**
 * @typedef {import('../src/activities/verification/facts/syntax-program').SyntaxFile} SyntaxFile
 * @typedef {import('../src/activities/verification/facts/syntax-program').SyntaxProblem} SyntaxProblem
 */

/**
 * Parses JavaScript files and returns their problems.
 *
 * @param {SyntaxFile[]} files
 */
function parseJavaScript(files) {
  /** @type {SyntaxProblem[]} */
  const problems = [];
  for (const { path, text, goal } of files) {
    const source = text.replace(/^#!.*/, '');
    const errors = (goal === 'module' ? [asModule] : [asModule, asScript]).map((parse) => errorOf(parse, source));
    if (errors.includes(null)) continue;
    const line = problems.length < 20 ? lineOf(source, goal) : null;
    problems.push({ path, line, message: String(/** @type {Error} */ (errors[0]).message) });
  }
  return problems;
}

/** @param {string} text */
function asModule(text) {
  new vm.SourceTextModule(text, { identifier: 'file' });
}

/** @param {string} text */
function asScript(text) {
  vm.compileFunction(text, ['exports', 'require', 'module', '__filename', '__dirname']);
}

/** @param {(text: string) => void} parse @param {string} source */
function errorOf(parse, source) {
  try {
    parse(source);
    return null;
  } catch (error) {
    return error;
  }
}

/**
 * Finds the line of an error. The engine does not return it for modules, but `node --check` prints it.
 *
 * @param {string} source
 * @param {string} goal
 */
function lineOf(source, goal) {
  const file = '/tmp/source.' + (goal === 'module' ? 'mjs' : 'js');
  fs.writeFileSync(file, source);
  const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' });
  const line = /^\S*source\.m?js:(\d+)/m.exec(stderr);
  return line ? Number(line[1]) : null;
}

/** @param {SyntaxFile[]} files @returns {SyntaxProblem[]} */
function parsePython(files) {
  const [first] = files;
  if (first === undefined) return [];
  const input = JSON.stringify(files);
  const run = spawnSync('python3', ['syntax.py'], { input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (run.status === 0) return JSON.parse(run.stdout);
  return [{ path: first.path, line: null, message: 'python3 could not be run to parse it' }];
}

/** @type {SyntaxFile[]} */
const files = JSON.parse(fs.readFileSync('files.json', 'utf8'));
const problems = [
  ...parseJavaScript(files.filter(({ goal }) => goal !== 'python')),
  ...parsePython(files.filter(({ goal }) => goal === 'python')),
];
fs.writeSync(1, 'syntax ' + JSON.stringify(problems) + '\n');
