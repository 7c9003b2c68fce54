/**
 * Test tools of this machine that cases need and have no network to install: jest of this repository, pytest of its Python.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TestRunInput, TestRunners } from '../../src/activities/test-runs';
import { PYTHON_TOOLS } from '../../src/adapters/runners/pytest';

const NODE_MODULES = join(__dirname, '../../node_modules');
const PARTS = ['pytest', '_pytest', 'pluggy', 'iniconfig', 'packaging', 'pygments'];
const WHERE = `import os, ${PARTS.join(', ')}\nfor part in (${PARTS.join(', ')}): print(os.path.dirname(part.__file__))`;

/** False where Python has no pytest: its cases cannot be run then. */
export function hasPytest(): boolean {
  return findPytest().length > 0;
}

export function withTools(runners: TestRunners, folder: string): TestRunners {
  const python = join(folder, 'python-tools');
  const lay: Partial<Record<TestRunInput['choice']['runner'], () => NonNullable<TestRunInput['readOnly']>>> = {
    jest: () => [{ from: NODE_MODULES, to: '/workspace/node_modules' }],
    // A copy: where Python lies may be closed to the sandbox's user.
    pytest: () => {
      if (!existsSync(python))
        for (const part of findPytest()) cpSync(part, join(python, basename(part)), { recursive: true });
      return [{ from: python, to: PYTHON_TOOLS }];
    },
  };
  return {
    ...runners,
    run: (input) =>
      runners.run({ ...input, readOnly: [...(input.readOnly ?? []), ...(lay[input.choice.runner]?.() ?? [])] }),
  };
}

function findPytest(): string[] {
  const { status, stdout } = spawnSync('python3', ['-c', WHERE], { encoding: 'utf8' });
  return status === 0 ? stdout.trim().split('\n') : [];
}
