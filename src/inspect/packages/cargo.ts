/**
 * The package manager cargo, for Rust. Pure data.
 */
import { DEPS } from './install';
import type { InstallPlan, ProjectTree } from './install';
import type { PackageManager } from './manager';

export const cargo = {
  name: 'cargo',
  ecosystem: null,
  programs: [],
  setup: [/^Cargo\.(toml|lock)$/],
  manifests: [],
  locks: {},
  installed: ['vendor'],
  install: { language: 'rust', plan },
} satisfies PackageManager;

const HOME = `${DEPS}/cargo`;

/** cargo refuses a manifest if its source files are missing, so the install step gets an empty file for each of them. */
function plan(project: ProjectTree): InstallPlan | undefined {
  const manifest = project.read('Cargo.toml');
  if (manifest === undefined) return undefined;
  const lock = project.has('Cargo.lock') ? 'Cargo.lock' : null;
  const env = { CARGO_HOME: HOME, CARGO_TERM_COLOR: 'never' };
  const note = 'Cargo.lock does not fit Cargo.toml; fetched without --locked';
  const locked = ['cargo', 'fetch', '--locked'];
  const unlocked = { commands: [['cargo', 'fetch']] };
  return {
    ...{ command: lock === null ? ['cargo', 'fetch'] : locked, lock, tools: [], env, sharedFolders: [HOME], notes: [] },
    attempts: lock === null ? [unlocked] : [{ commands: [locked] }, { ...unlocked, when: /--locked/, note }],
    reads: (path) => /(^|\/)(Cargo\.(toml|lock)|\.cargo\/config(\.toml)?|rust-toolchain(\.toml)?)$/.test(path),
    isProducedFile: (path) => path === 'Cargo.lock',
    needsNameOnly: (path) => path.endsWith('.rs'),
    runs: {
      env,
      offline: { CARGO_NET_OFFLINE: 'true' },
      path: [],
      warm: { commands: [['cargo', 'test', '--workspace', '--no-run']], sharedFolders: ['target'] },
    },
  };
}
