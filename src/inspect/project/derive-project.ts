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
  /** The folder that the request's path names within its repository; used if `workdir` is absent. */
  given?: string | undefined;
  setup?: string[] | undefined;
  allowsScripts: boolean;
}

export function deriveProject(tree: TreeTexts, overrides: DeriveOptions): DerivedProject {
  const { workdir, notes } = findWorkdir(tree.paths, overrides);
  const found = installPlans((language) =>
    treeAt(tree, workspaceFolder(language, workdir, tree.read), overrides.allowsScripts),
  );
  const languagesBySetup = languagesInstalledBy(overrides.setup ?? []);
  const steps = found.filter(({ language }) => !languagesBySetup.includes(language));
  const replaced = found.filter((step) => !steps.includes(step)).map(({ manager }) => manager);
  const replacedNotes =
    replaced.length === 0 ? [] : [`commands.setup takes the place of the derived step of ${replaced.join(', ')}`];
  const stepsAbove = steps.filter(({ folder }) => folder !== workdir);
  const workspaceNotes = stepsAbove.map(
    ({ manager, folder }) => `${workdir} is a member of a workspace: ${manager} installs from ${folder || 'the root'}`,
  );
  return {
    workdir,
    steps,
    notes: [...notes, ...workspaceNotes, ...replacedNotes, ...steps.flatMap(({ plan }) => plan.notes)],
  };
}

/** True for a file whose text affects the derived project. */
export function isDerivedFrom(path: string): boolean {
  return DERIVED_FROM.test(path) && !/(^|\/)node_modules\//.test(path);
}

const DERIVED_FROM =
  /(^|\/)(package\.json|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|yarn\.lock|pyproject\.toml|setup\.(py|cfg)|tox\.ini|\.?pytest\.ini|noxfile\.py|Pipfile|[^/]*requirements[^/]*\.txt|requirements\/[^/]+\.txt|conftest\.py|test_[^/]+\.py|[^/]+_test\.py|go\.(mod|work)|Cargo\.toml)$/;

/** Returns the tree as seen from a folder. */
function treeAt({ paths, read }: TreeTexts, folder: string, allowsScripts: boolean): ProjectTree {
  const prefix = folder === '' ? '' : `${folder}/`;
  const below = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  const existing = new Set(below);
  return {
    folder,
    paths: below,
    has: (path) => existing.has(path),
    read: (path) => read(placeAt(folder, path)),
    allowsScripts,
  };
}
