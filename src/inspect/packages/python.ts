/**
 * Shared parts of the Python package managers: all install into one virtual environment of the project's interpreter. Pure.
 */
import { readPythonProject } from '../project/python-project';
import type { PythonProject } from '../project/python-project';
import { isInside } from '../places';
import { VENV } from './install';
import type { Attempt, InstallPlan, ProjectTree, Tool } from './install';

export const VENV_COMMAND = ['python3', '-m', 'venv', VENV];
export const PIP_INSTALL = [`${VENV}/bin/python`, '-m', 'pip', 'install', '--no-input', '--disable-pip-version-check'];

/** Files that the managers read. */
const READ_FILES =
  /(^|\/)(pyproject\.toml|setup\.(py|cfg)|tox\.ini|pytest\.ini|[^/]*requirements[^/]*\.(txt|in)|requirements\/.*|constraints[^/]*\.txt|Pipfile(\.lock)?|(uv|poetry|pdm)\.lock|poetry\.toml|uv\.toml|MANIFEST\.in|\.python-version|meson\.build|CMakeLists\.txt|Cargo\.(toml|lock)|[^/]+\.(pyx|pxd|c|cc|cpp|h|hpp))$/;

export function pythonPlan(
  project: ProjectTree,
  parts: {
    attempts: Attempt[];
    lock: string | null;
    tool?: Tool;
    env?: Record<string, string>;
    optional?: boolean;
    isWorkspace?: boolean;
  },
): InstallPlan {
  const { attempts, lock, tool, env = {}, optional = false, isWorkspace = false } = parts;
  const { isPackage, locals } = readPythonProject(project);
  const needsWholeTree = isWorkspace || isPackage || locals.copied.length + locals.editable.length > 0;
  const isLocal = (path: string): boolean => locals.files.includes(path) || isInside(locals.copied, path);
  const activated = { VIRTUAL_ENV: VENV };
  return {
    ...{ command: attempts[0]?.commands.at(-1) ?? [], attempts, lock, tools: tool === undefined ? [] : [tool] },
    reads: (path) => READ_FILES.test(path) || isLocal(path),
    // Of a linked package only the manifests: each run uses the sources of its own tree.
    readsOutside: (path) => isLocal(path) || (isInside(locals.editable, path) && READ_FILES.test(path)),
    wholeTree: needsWholeTree,
    sharedFolders: [VENV],
    isProducedFile: (path) => needsWholeTree && !/(^|\/)__pycache__\//.test(path),
    env: { ...activated, PIP_ROOT_USER_ACTION: 'ignore', ...env },
    runs: { env: activated, path: [`${VENV}/bin`] },
    ...(optional ? { optional: true } : {}),
    notes: [],
  };
}

/**
 * Returns attempts with pip alone: all requirements together, so that pip chooses versions that fit each other; then the
 * needed ones together and the others one by one.
 */
export function pipAttempts({ needed, wanted, undeclared, dependencies, isPackage }: PythonProject): Attempt[] {
  const together = [...needed, ...wanted.flat(), ...undeclared];
  const optionalGroups = [...wanted, ...(undeclared.length === 0 ? [] : [undeclared])];
  // `sh` lets an installation fail without stopping the attempt.
  const mayFail = (words: string[]): string[] => [
    'sh',
    '-c',
    '"$@" || echo "left out: $*"',
    'sh',
    ...PIP_INSTALL,
    ...words,
  ];
  const oneByOne = (first: string[]): string[][] => [
    [...VENV_COMMAND, '--clear'],
    ...(first.length === 0 ? [] : [[...PIP_INSTALL, ...first]]),
    ...optionalGroups.map(mayFail),
  ];
  const withoutProject = needed.filter((word, index) => word !== '-e' && needed[index - 1] !== '-e');
  return [
    { commands: [VENV_COMMAND, [...PIP_INSTALL, ...together]] },
    {
      // A requirement may install a published copy of the project itself, so the project's sources are installed last.
      commands: [...oneByOne(needed), ...(isPackage ? [[...PIP_INSTALL, '--no-deps', '-e', '.']] : [])],
      note: 'the requirements do not fit together; those for tests and development were installed one by one',
    },
    ...(isPackage
      ? [
          {
            commands: oneByOne([...withoutProject, ...dependencies]),
            note: 'the project itself could not be installed; only what it depends on was',
          },
        ]
      : []),
  ];
}
