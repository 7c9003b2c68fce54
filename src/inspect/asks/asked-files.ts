/**
 * Decides which files are searched for test detection: sources that a program runs. Tests, their helpers, build settings,
 * documents and CI files are not searched, because they may know that tests run. Pure.
 */
import { isCiPath, isTestPath, isTestSetting } from '../../domain/files';
import type { TestConventions } from '../../domain/files';
import { syntaxOf } from './code-view';

const TEST_FOLDER =
  /(^|\/)(__tests__|__mocks__|__fixtures__|fixtures?|testdata|cypress|playwright|e2e|bench(?:marks?)?)\//;
const TEST_HELPER =
  /(^|\/)(conftest\.py|test[-_]?(?:utils?|helpers?|setup|support|data)[^/]*|[^/]*[-_.](?:mock|stub|fixture|stories)\.[a-z]+)(\/|$)/i;
const TEST_NAME = /[._-](test|spec)\.[a-z]+$|(^|\/)test_[^/]+$|_test\.[a-z]+$|(^|\/)tests?\.[a-z]+$/i;
const TOOL_SETTING =
  /(^|\/)(?:vite|vitest|jest|webpack|rollup|playwright|cypress|eslint|prettier|tailwind|postcss|next|nuxt|svelte|astro|tsup|tsdown|esbuild|karma|wdio|metro|commitlint|lint-staged|release|drizzle|codegen|rspack|rsbuild|swc|babel|stylelint|stryker|ava|mocha)[^/]*\.config\.[^/]+$|(^|\/)(?:\.[^/]+rc\.[cm]?js|Gruntfile\.[cm]?js|gulpfile\.[cm]?[jt]s|noxfile\.py|setup\.py|Rakefile|build\.rs)$/;
const FOREIGN_FOLDER = /(^|\/)(node_modules|vendor|third_party|\.venv|site-packages|\.github)\//;
const TYPE_DECLARATIONS = /\.d\.[cm]?ts$/;

export function isSearched(path: string, runners: Pick<TestConventions, 'protects'>): boolean {
  if (syntaxOf(path) === undefined || TYPE_DECLARATIONS.test(path)) return false;
  if (FOREIGN_FOLDER.test(path) || TEST_FOLDER.test(path) || TEST_HELPER.test(path) || TOOL_SETTING.test(path))
    return false;
  if (isCiPath(path) || isTestSetting(path, runners)) return false;
  // A source folder may be named `spec`; tests in it have the name of a test.
  const isInSourceFolder = /(^|\/)(?:src|lib|app)\/(?:.*\/)?spec\//.test(path);
  return isInSourceFolder ? !TEST_NAME.test(path) : !isTestPath(path);
}
