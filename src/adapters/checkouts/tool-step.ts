/**
 * Describes the step that installs a package manager which the worker does not have, by npm or by pip. All projects share its cached
 * result.
 */
import { TOOLS } from '../../inspect/packages/install';
import type { Attempt, Tool } from '../../inspect/packages/install';

export interface ToolStep {
  attempts: Attempt[];
  /** The folder that the step fills. */
  place: string;
  /** Folders that come first on PATH. */
  path: string[];
}

export function describeToolStep({ name, version, by, packages = [name] }: Tool): ToolStep {
  const place = `${TOOLS}/${name}`;
  if (by === 'pip') {
    const specs = packages.map((pack) => (version === undefined ? pack : `${pack}==${version}`));
    const pip = [`${place}/bin/python`, '-m', 'pip', 'install', '--no-input', '--disable-pip-version-check', ...specs];
    return { attempts: [{ commands: [['python3', '-m', 'venv', place], pip] }], place, path: [`${place}/bin`] };
  }
  const specs = packages.map((pack) => `${pack}@${version ?? 'latest'}`);
  const flags = ['--global', '--prefix', place, '--ignore-scripts', '--no-audit', '--no-fund'];
  const binFolders = packages.map((pack) => `${place}/lib/node_modules/${pack}/bin`);
  const attempts: Attempt[] = [{ commands: [['npm', 'install', ...flags, ...specs]] }];
  const majorMinor = /^(\d+\.\d+)\.\d+$/.exec(version ?? '')?.[1];
  if (majorMinor !== undefined)
    // Some releases of yarn are not in npm's registry; the newest patch release is taken instead.
    attempts.push({
      commands: [['npm', 'install', ...flags, ...packages.map((pack) => `${pack}@~${majorMinor}.0`)]],
      when: /ETARGET|No matching version found/,
      note: `${name} ${version} is not in the registry; the newest ${majorMinor} was taken`,
    });
  return { attempts, place, path: [`${place}/bin`, ...binFolders] };
}
