/**
 * What the package managers of Python have in common: one virtual environment, made by the project's interpreter. Pure.
 */
import { readPythonProject } from '../project/python-project';
import type { PythonProject } from '../project/python-project';
import { isInside } from '../places';
import { VENV } from './install';
import type { Attempt, InstallPlan, ProjectTree, Tool } from './install';

export const VENV_COMMAND = ['python3', '-m', 'venv', VENV];
export const PIP_INSTALL = [`${VENV}/bin/python`, '-m', 'pip', 'install', '--no-input', '--disable-pip-version-check'];

const FILES =
  /(^|\/)(pyproject\.toml|setup\.(py|cfg)|tox\.ini|pytest\.ini|[^/]*requirements[^/]*\.(txt|in)|requirements\/.*|constraints[^/]*\.txt|Pipfile(\.lock)?|(uv|poetry|pdm)\.lock|poetry\.toml|uv\.toml|MANIFEST\.in|\.python-version|meson\.build|CMakeLists\.txt|Cargo\.(toml|lock)|[^/]+\.(pyx|pxd|c|cc|cpp|h|hpp))$/;

export function pythonPlan(
  project: ProjectTree,
  own: {
    attempts: Attempt[];
    lock: string | null;
    tool?: Tool;
    env?: Record<string, string>;
    optional?: boolean;
    isWorkspace?: boolean;
  },
): InstallPlan {
  const { attempts, lock, tool, env = {}, optional = false, isWorkspace = false } = own;
  const { isPackage: isOwn, locals } = readPythonProject(project);
  const isPackage = isWorkspace || isOwn;
  const isWholeTree = isPackage || locals.copied.length + locals.editable.length > 0;
  const isLocal = (path: string): boolean => locals.files.includes(path) || isInside(locals.copied, path);
  const activated = { VIRTUAL_ENV: VENV };
  return {
    ...{ command: attempts[0]?.commands.at(-1) ?? [], attempts, lock, tools: tool === undefined ? [] : [tool] },
    reads: (path) => FILES.test(path) || isLocal(path),
    // Of a package that is linked, the manifests: its sources are those of the tree that runs.
    readsOutside: (path) => isLocal(path) || (isInside(locals.editable, path) && FILES.test(path)),
    wholeTree: isWholeTree,
    sharedFolders: [VENV],
    isProducedFile: (path) => isWholeTree && !/(^|\/)__pycache__\//.test(path),
    env: { ...activated, PIP_ROOT_USER_ACTION: 'ignore', ...env },
    runs: { env: activated, path: [`${VENV}/bin`] },
    ...(optional ? { optional: true } : {}),
    notes: [],
  };
}

/** By pip alone: together, so that versions fit each other; else what is needed, and the rest one by one. */
export function pipAttempts({ needed, wanted, undeclared, dependencies, isPackage }: PythonProject): Attempt[] {
  const together = [...needed, ...wanted.flat(), ...undeclared];
  const pieces = [...wanted, ...(undeclared.length === 0 ? [] : [undeclared])];
  // `sh` makes a step of what may fail.
  const mayFail = (words: string[]): string[] => [
    'sh',
    '-c',
    '"$@" || echo "left out: $*"',
    'sh',
    ...PIP_INSTALL,
    ...words,
  ];
  const apart = (first: string[]): string[][] => [
    [...VENV_COMMAND, '--clear'],
    ...(first.length === 0 ? [] : [[...PIP_INSTALL, ...first]]),
    ...pieces.map(mayFail),
  ];
  const withoutSelf = needed.filter((word, index) => word !== '-e' && needed[index - 1] !== '-e');
  return [
    { commands: [VENV_COMMAND, [...PIP_INSTALL, ...together]] },
    {
      // A requirement may pin a published copy of the project itself: its own sources come last.
      commands: [...apart(needed), ...(isPackage ? [[...PIP_INSTALL, '--no-deps', '-e', '.']] : [])],
      note: 'the requirements do not fit together; those for tests and development were installed one by one',
    },
    ...(isPackage
      ? [
          {
            commands: apart([...withoutSelf, ...dependencies]),
            note: 'the project itself could not be installed; only what it depends on was',
          },
        ]
      : []),
  ];
}
