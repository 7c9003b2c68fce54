/**
 * Derives from a tree the folder of its project, and the steps that install the project's packages. Pure.
 */
import type { InstallPlan, Language, ProjectTree } from '../packages/install';
import { installPlans } from '../packages/managers';
import { workspaceFolder } from '../packages/workspace-folder';
import { placeAt } from '../places';
import { findWorkdir } from './find-workdir';
import { languagesInstalledBy } from './installs-itself';

export interface TreeTexts {
  paths: readonly string[];
  /** Returns undefined if the file is missing or not text. */
  read(path: string): string | undefined;
}
export interface DerivedProject {
  workdir: string;
  steps: DerivedStep[];
  notes: string[];
}
export interface DerivedStep {
  manager: string;
  language: Language;
  /** The folder in the tree, like `workdir`. */
  folder: string;
  plan: InstallPlan;
}
export interface DeriveOptions {
  workdir?: string | undefined;
  /** The folder within its repository that the given path named; used without `workdir`. */
  given?: string | undefined;
  setup?: string[] | undefined;
  allowsScripts: boolean;
}

export function deriveProject(tree: TreeTexts, overrides: DeriveOptions): DerivedProject {
  const { workdir, notes } = findWorkdir(tree.paths, overrides);
  const found = installPlans((language) =>
    treeAt(tree, workspaceFolder(language, workdir, tree.read), overrides.allowsScripts),
  );
  const ownLanguages = languagesInstalledBy(overrides.setup ?? []);
  const steps = found.filter(({ language }) => !ownLanguages.includes(language));
  const leftOut = found.filter((step) => !steps.includes(step)).map(({ manager }) => manager);
  const byHand =
    leftOut.length === 0 ? [] : [`commands.setup takes the place of the derived step of ${leftOut.join(', ')}`];
  const above = steps.filter(({ folder }) => folder !== workdir);
  const ofWorkspace = above.map(
    ({ manager, folder }) => `${workdir} is a member of a workspace: ${manager} installs from ${folder || 'the root'}`,
  );
  return { workdir, steps, notes: [...notes, ...ofWorkspace, ...byHand, ...steps.flatMap(({ plan }) => plan.notes)] };
}

/** True for a file whose text affects the derived project. */
export function isDerivedFrom(path: string): boolean {
  return DERIVED_FROM.test(path) && !/(^|\/)node_modules\//.test(path);
}

const DERIVED_FROM =
  /(^|\/)(package\.json|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|yarn\.lock|pyproject\.toml|setup\.(py|cfg)|tox\.ini|\.?pytest\.ini|noxfile\.py|Pipfile|[^/]*requirements[^/]*\.txt|requirements\/[^/]+\.txt|conftest\.py|test_[^/]+\.py|[^/]+_test\.py|go\.(mod|work)|Cargo\.toml)$/;

function treeAt({ paths, read }: TreeTexts, folder: string, allowsScripts: boolean): ProjectTree {
  const prefix = folder === '' ? '' : `${folder}/`;
  const below = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  const there = new Set(below);
  return {
    folder,
    paths: below,
    has: (path) => there.has(path),
    read: (path) => read(placeAt(folder, path)),
    allowsScripts,
  };
}
