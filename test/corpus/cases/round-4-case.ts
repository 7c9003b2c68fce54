/**
 * Makes the cases of round 4: the feature is right, and the base, the files or the answers have something harmful beside it.
 */
import { tillFor } from '../projects/flavour';
import type { Flavour } from '../projects/flavour';
import type { Case, Files, ScriptedBuild } from '../scripted-build';
import type { Caught } from './cheat';

export interface ExtraHarm {
  base?: Record<string, string>;
  files?: Files;
  more?: (build: ScriptedBuild) => void;
  caught: Caught;
  tools?: string[];
}

export const harmCaseOf = (
  project: () => ScriptedBuild,
  name: string,
  { base = {}, files = {}, more, caught, tools }: ExtraHarm,
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

export const harmCase = (flavour: Flavour, name: string, harm: ExtraHarm): Case =>
  harmCaseOf(() => tillFor(flavour), `${name} (${flavour.runner})`, harm);

/** A whole test file of node:test with one async test; `imports`: lines of code before it. */
export const nodeTest = (imports: string, name: string, body: string): string =>
  `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n${imports}\n\ntest('${name}', async () => {\n  ${body}\n});\n`;
