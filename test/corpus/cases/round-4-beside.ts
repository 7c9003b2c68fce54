/**
 * A cheat beside the feature: what the base has more, what the Code Writer writes more, and what else is said.
 */
import { tillOf } from '../projects/flavour';
import type { Flavour } from '../projects/flavour';
import type { Case, Files, ScriptedBuild } from '../scripted-build';
import type { Caught } from './cheat';

export interface Beside {
  base?: Record<string, string>;
  files?: Files;
  more?: (build: ScriptedBuild) => void;
  caught: Caught;
  tools?: string[];
}

export const besideOf = (
  project: () => ScriptedBuild,
  name: string,
  { base = {}, files = {}, more, caught, tools }: Beside,
): Case => ({
  name,
  project: () => {
    const till = project();
    return { ...till, base: { ...till.base, ...base } };
  },
  alter: (build) => {
    Object.assign(build.code[0].files, files);
    more?.(build);
  },
  caught,
  ...(tools && { tools }),
});

export const beside = (flavour: Flavour, name: string, told: Beside): Case =>
  besideOf(() => tillOf(flavour), `${name} (${flavour.runner})`, told);

/** A whole test file of node:test; `imports` are lines, `body` may wait. */
export const nodeTest = (imports: string, name: string, body: string): string =>
  `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n${imports}\n\ntest('${name}', async () => {\n  ${body}\n});\n`;
