/** Small trees for tests, each with the files that judge a change in it and the reasons why. */
import { CONVENTIONS } from '../../src/adapters/runners/all-runners';
import { isTestSetting } from '../../src/domain/files';
import { findJudges } from '../../src/inspect/judges/find-judges';

export type Files = Record<string, string>;
export interface JudgeOptions {
  ran?: string[];
  testPrograms?: string[];
  programs?: string[];
}

/** Every file of the tree that judges, with the reason. */
export async function judgesOf(
  files: Files,
  { ran = [], testPrograms = [], programs = [] }: JudgeOptions = {},
): Promise<Record<string, string>> {
  const paths = Object.keys(files);
  const isSetting = (path: string): boolean => isTestSetting(path, CONVENTIONS);
  const judges = await findJudges({
    ...{ paths, texts: new Map(Object.entries(files)), testFilesRun: ran, testPrograms, programs, isSetting },
    manifestKeys: CONVENTIONS.manifestKeys,
  });
  return Object.fromEntries(
    paths.flatMap((path) => [[path, judges.why(path) ?? ''] as const].filter(([, why]) => why)),
  );
}

export const TEST = "import { test } from 'node:test';\nimport assert from 'node:assert/strict';\n";
export const PRICE = 'export const total = (items) => items.length;\n';
export const PRICE_TEST = `${TEST}import { total } from '../src/price.js';\ntest('adds', () => assert.equal(total([]), 0));\n`;
export const TILL: Files = {
  'package.json': '{"type":"module"}',
  'src/price.js': PRICE,
  'test/price.test.js': PRICE_TEST,
};
