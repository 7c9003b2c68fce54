/**
 * Lists the kinds of files that declare where code comes from, each with its reader. Other files are not read.
 */
import { ciOrigins, composeOrigins, dockerfileOrigins, patchOrigins, programOrigins, shellOrigins } from './containers';
import { goModOrigins } from './go';
import { bunLockOrigins, packageLockOrigins, pnpmLockOrigins, yarnLockOrigins } from './javascript-locks';
import { gradleOrigins, mavenConfigOrigins, pomOrigins, wrapperOrigins } from './jvm';
import type { OriginReader } from './origin';
import { manifestOrigins } from './package-manifest';
import { pipfileOrigins, poetryTomlOrigins, pyprojectOrigins, uvTomlOrigins } from './pyproject';
import { pipfileLockOrigins, pythonLockOrigins } from './python-locks';
import { condaOrigins, pipConfOrigins, requirementsOrigins, setupCfgOrigins, setupPyOrigins } from './requirements';
import { composerLockOrigins, composerOrigins, gemfileLockOrigins, gemfileOrigins, gemspecOrigins } from './ruby-php';
import { buildScriptOrigins, cargoConfigOrigins, cargoLockOrigins, cargoOrigins, rustToolchainOrigins } from './rust';
import { bunfigOrigins, npmrcOrigins, pnpmWorkspaceOrigins, yarnrcOrigins, yarnrcYmlOrigins } from './settings';

/** The first matching pattern is used. */
const READERS: ReadonlyArray<[RegExp, OriginReader]> = [
  [/(^|\/)package\.json$/, manifestOrigins],
  [/(^|\/)(package-lock|npm-shrinkwrap)\.json$/, packageLockOrigins],
  [/(^|\/)yarn\.lock$/, yarnLockOrigins],
  [/(^|\/)pnpm-lock\.yaml$/, pnpmLockOrigins],
  [/(^|\/)bun\.lock$/, bunLockOrigins],
  [/(^|\/)\.npmrc$/, npmrcOrigins],
  [/(^|\/)\.yarnrc$/, yarnrcOrigins],
  [/(^|\/)\.yarnrc\.yml$/, yarnrcYmlOrigins],
  [/(^|\/)pnpm-workspace\.ya?ml$/, pnpmWorkspaceOrigins],
  [/(^|\/)bunfig\.toml$/, bunfigOrigins],
  [
    /(^|\/)\.pnpmfile\.[cm]?js$|(^|\/)\.yarn\/(releases|plugins|sdks)\/.*\.[cm]?js$|(^|\/)yarn\.config\.[cm]?js$/,
    programOrigins,
  ],
  [/(^|\/)(patches|\.yarn\/patches)\/.*\.patch$/, patchOrigins],
  [/(^|\/)(requirements|constraints)[^/]*\.(txt|in)$|(^|\/)requirements\/[^/]+\.(txt|in)$/, requirementsOrigins],
  [/(^|\/)pyproject\.toml$/, pyprojectOrigins],
  [/(^|\/)(uv|poetry|pdm|pylock(\.[^/.]+)?)\.(lock|toml)$(?<!poetry\.toml|uv\.toml|pdm\.toml)/, pythonLockOrigins],
  [/(^|\/)uv\.toml$/, uvTomlOrigins],
  [/(^|\/)(poetry|pdm)\.toml$/, poetryTomlOrigins],
  [/(^|\/)Pipfile$/, pipfileOrigins],
  [/(^|\/)Pipfile\.lock$/, pipfileLockOrigins],
  [/(^|\/)setup\.py$/, setupPyOrigins],
  [/(^|\/)setup\.cfg$/, setupCfgOrigins],
  [/(^|\/)pip\.(conf|ini)$/, pipConfOrigins],
  [/(^|\/)(environment[^/]*\.ya?ml|\.condarc)$/, condaOrigins],
  [/(^|\/)go\.(mod|work)$/, goModOrigins],
  [/(^|\/)Cargo\.toml$/, cargoOrigins],
  [/(^|\/)Cargo\.lock$/, cargoLockOrigins],
  [/(^|\/)\.cargo\/config(\.toml)?$/, cargoConfigOrigins],
  [/(^|\/)rust-toolchain(\.toml)?$/, rustToolchainOrigins],
  [/(^|\/)build\.rs$/, buildScriptOrigins],
  [/(^|\/)(pom|settings|extensions)\.xml$/, pomOrigins],
  [/(^|\/)\.mvn\/(maven|jvm)\.config$/, mavenConfigOrigins],
  [/(^|\/)(gradle|maven)-wrapper\.properties$/, wrapperOrigins],
  [/\.gradle(\.kts)?$/, gradleOrigins],
  [/(^|\/)Gemfile$/, gemfileOrigins],
  [/(^|\/)Gemfile\.lock$/, gemfileLockOrigins],
  [/\.gemspec$/, gemspecOrigins],
  [/(^|\/)composer\.json$/, composerOrigins],
  [/(^|\/)composer\.lock$/, composerLockOrigins],
  [/(^|\/)(Dockerfile|Containerfile)(\.[^/]+)?$|\.dockerfile$/i, dockerfileOrigins],
  [/(^|\/)(docker-)?compose[^/]*\.ya?ml$/, composeOrigins],
  [/^\.github\/(workflows|actions)\/.*\.ya?ml$|^\.(gitlab-ci|travis|drone|woodpecker)[^/]*\.ya?ml$/, ciOrigins],
  [/^\.(circleci|gitlab|woodpecker|buildkite)\/.*\.ya?ml$|^(azure|bitbucket)-pipelines[^/]*\.ya?ml$/, ciOrigins],
  [
    /\.(sh|bash|zsh)$|(^|\/)(GNUm|M|m)akefile$|\.mk$|(^|\/)[jJ]ustfile$|(^|\/)\.env(rc|\.[\w.-]+)?$|(^|\/)[Tt]askfile\.ya?ml$/,
    shellOrigins,
  ],
];

/** Readers of files that run nothing during installation. */
export const RUN_LATER: ReadonlySet<OriginReader> = new Set([
  ciOrigins,
  composeOrigins,
  dockerfileOrigins,
  shellOrigins,
]);

/** Binary files that replace a lock file, a tool, or packages. A reviewer cannot read where their code comes from. */
export const OPAQUE =
  /(^|\/)bun\.lockb$|(^|\/)gradle\/wrapper\/[^/]+\.jar$|(^|\/)\.mvn\/(wrapper\/)?[^/]+\.jar$|(^|\/)\.yarn\/(cache|offline-mirror)\/|(^|\/)npm-packages-offline-cache\/|\.(whl|egg|gem|crate|pth)$/;

export function readerOf(path: string): OriginReader | undefined {
  return INSTALLED_PACKAGE.test(path) ? undefined : READERS.find(([files]) => files.test(path))?.[1];
}

/** Files of installed packages in the repository. Their manifests install nothing. */
const INSTALLED_PACKAGE = /(^|\/)(node_modules|\.venv|site-packages)\//;
