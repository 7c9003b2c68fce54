/**
 * A tiny build, which adds one function to a project of two files: its repository, and the scripted answers of all roles.
 */
import type { ScriptedCall, Player } from '../engineer/mock-server';
import { outputsOf } from '../engineer/outputs';
import type { Script } from '../engineer/script';
import type { Tree } from '../shape';

/** A file longer than one answer of `read`, with a surrogate pair where the answer ends. */
export const EMOJI_FILE = 'notes.txt';

export const TINY_TREE: Tree = {
  'package.json': '{ "name": "tiny", "version": "1.0.0", "private": true, "scripts": { "test": "node --test" } }\n',
  'sum.js': 'exports.sum = (a, b) => a + b;\n',
  'sum.test.js':
    "const assert = require('node:assert');\nconst { test } = require('node:test');\nconst { sum } = require('./sum');\n\ntest('one and two are three', () => assert.strictEqual(sum(1, 2), 3));\n",
  [EMOJI_FILE]: `${'a'.repeat(15_999)}${'😀'.repeat(20_000)}\n`,
};

export const CODE = 'exports.sum = (a, b) => a + b;\n\nexports.product = (a, b) => a * b;\n';
const TEST =
  "const assert = require('node:assert');\nconst { test } = require('node:test');\nconst { product } = require('./sum');\n\ntest('two and three make six', () => assert.strictEqual(product(2, 3), 6));\n";

const script: Script = {
  name: 'tiny',
  from: { ecosystem: 'npm', package: 'tiny', version: '1.0.0' },
  files: 4,
  intent: 'Add product(a, b) beside sum(a, b).',
  test_command: ['node', '--test'],
  workdir: '.',
  setup: null,
  specification: {
    summary: 'A function that multiplies.',
    requirements: [{ id: 'R1', text: 'product(a, b) gives the product.' }],
    success_criteria: ['product(2, 3) is 6'],
  },
  plan: {
    summary: 'product beside sum in sum.js.',
    files: ['sum.js', 'product.test.js'],
    criteria: [{ id: 'C1', requirement_ids: ['R1'], text: 'product(2, 3) is 6.', tested_by: 'two and three make six' }],
  },
  roles: {
    ...{ 'q_assistant.discovery': [], 'q_assistant.planning': [], verification_overseer: [], release_manager: [] },
    code_writer: [[{ tool: 'write', input: { path: 'sum.js', content: CODE } }]],
    test_auditor: [[{ tool: 'write', input: { path: 'product.test.js', content: TEST } }]],
  },
  test_names: [{ file: 'product.test.js', name: 'two and three make six', criterion_id: 'C1' }],
  release: { version: '1.1.0', notes: 'product multiplies.' },
};

export const TINY_SENTENCE = script.intent;
export const TINY_OUTPUTS = outputsOf(script);
export const WRITE: ScriptedCall = { name: 'write', input: { path: 'sum.js', content: CODE } };

/** Writes the files in the first turn of a phase, and finishes in the next. */
export const playTiny: Player = (phase, turn) => {
  const roles = { implementation: script.roles.code_writer, testing: script.roles.test_auditor };
  const calls = phase === 'implementation' || phase === 'testing' ? roles[phase][turn] : undefined;
  if (calls === undefined) return [{ name: 'finish', input: TINY_OUTPUTS[phase] }];
  return calls.map(({ tool, input }) => ({ name: tool, input }));
};
