/**
 * Brings package managers that the worker does not have: by npm or by pip, into the cache, shared by all projects.
 */
import { TOOLS } from '../../inspect/packages/install';
import type { Attempt, Tool } from '../../inspect/packages/install';

export interface ToolStep {
  attempts: Attempt[];
  /** The folder that it fills. */
  place: string;
  /** Folders for PATH. */
  path: string[];
}

export function toolStep({ name, version, by, packages = [name] }: Tool): ToolStep {
  const place = `${TOOLS}/${name}`;
  if (by === 'pip') {
    const spec = packages.map((one) => (version === undefined ? one : `${one}==${version}`));
    const pip = [`${place}/bin/python`, '-m', 'pip', 'install', '--no-input', '--disable-pip-version-check', ...spec];
    return { attempts: [{ commands: [['python3', '-m', 'venv', place], pip] }], place, path: [`${place}/bin`] };
  }
  const specs = packages.map((one) => `${one}@${version ?? 'latest'}`);
  const words = ['--global', '--prefix', place, '--ignore-scripts', '--no-audit', '--no-fund'];
  const own = packages.map((one) => `${place}/lib/node_modules/${one}/bin`);
  const attempts: Attempt[] = [{ commands: [['npm', 'install', ...words, ...specs]] }];
  const near = /^(\d+\.\d+)\.\d+$/.exec(version ?? '')?.[1];
  if (near !== undefined)
    // Some releases of yarn are not in the registry of npm.
    attempts.push({
      commands: [['npm', 'install', ...words, ...packages.map((one) => `${one}@~${near}.0`)]],
      when: /ETARGET|No matching version found/,
      note: `${name} ${version} is not in the registry; the newest ${near} was taken`,
    });
  return { attempts, place, path: [`${place}/bin`, ...own] };
}
