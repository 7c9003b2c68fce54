/**
 * Runs all rules that find places where a change delivers something else than was tested, or where code reads as
 * something else than it runs. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { ALIAS_CONFIG } from '../imports/aliases';
import { attributesIn } from './attributes';
import { automaticMocks, forgedTests } from './forged-tests';
import { builtIn, hasBuilt, saysDelivery } from './built';
import { conditionsIn } from './conditions';
import { deploymentIn } from './deployment';
import { fromTests } from './from-tests';
import { removedNames, hasRemovals, isProgram } from './removed-names';
import { isGuide } from './guides';
import { leftOutModules, pureMarks, pureNames } from './dropped-calls';
import { isList } from './pack-lists';
import { alteredContracts } from './set-up/altered-contracts';
import { suspendedResources } from './set-up/suspended';
import { databaseRules } from './set-up/database-rules';
import { openedPaths } from './set-up/descriptions';
import { alteredCopies } from './set-up/generated-copies';
import { importMaps } from './set-up/import-maps';
import { isNamedSetUp } from './set-up/kinds';
import { overlaysIn } from './set-up/overlays';
import { releaseSettings } from './set-up/release-settings';
import { startOptions } from './set-up/start-options';
import { ignoredExitCodes } from './set-up/ignored-exit-codes';
import { shadowingMacros } from './set-up/macros';
import { buildReplacements } from './set-up/build-replacements';
import { silentMerges, lostOwners } from './set-up/owners';
import { onlyTestResources } from './set-up/test-resources';
import { unmentionedSetUps } from './set-up/unmentioned';
import { isPythonManifest } from './live-python';
import { passedMigrations } from './migrations';
import { mayMissLive, notLive } from './missing-packages';
import { leftOut, mayLeaveOut } from './packed';
import { hasRenames, renamedExports } from './renamed-exports';
import { isReadAsCode, misleading } from './readable';
import { hasStale, isContributorGuide, staleIn } from './stale';
import { isSource } from './tree';
import type { DeliveredTree } from './tree';
import { readsEnvironment, environmentFindings } from './environment-variables';
import { hasTwins, twinsOf } from './twins';

/** Files that set build flags and start options. */
const BUILD_FILE =
  /(^|\/)(?:[^/]*[mM]akefile|[jJ]ustfile|CMakeLists\.txt|Cargo\.toml|Procfile|config\.toml|build\.zig|meson\.build)$|\.(?:sh|bash|mk|cmake|ya?ml|vcxproj|csproj|nix)$/;

const ALWAYS_READ = [isList, saysDelivery, isPythonManifest, isProgram, isContributorGuide, isNamedSetUp];

/** True for files whose texts every run of the rules needs, in addition to the changed files. */
export function isAlwaysRead(path: string): boolean {
  const isNamed = [BUILD_FILE, ALIAS_CONFIG].some((files) => files.test(path));
  return !/(^|\/)node_modules\//.test(path) && (isNamed || ALWAYS_READ.some((isRead) => isRead(path)));
}

/** True if a rule must know which file loads which, so that the texts of all code are needed. */
export function needsAllCode(tree: DeliveredTree): boolean {
  return (
    hasTwins(tree) ||
    hasBuilt(tree) ||
    mayLeaveOut(tree) ||
    mayMissLive(tree) ||
    fromTests(tree).length > 0 ||
    hasRemovals(tree) ||
    hasStale(tree) ||
    hasRenames(tree) ||
    readsEnvironment(tree)
  );
}

export function deliveredOf(tree: DeliveredTree): { found: DeliveredFact[]; notes: string[] } {
  const built = builtIn(tree);
  const stale = staleIn(tree);
  const surroundings = environmentFindings(tree);
  const found = [
    ...twinsOf(tree),
    ...built.found,
    ...stale.found,
    ...surroundings.found,
    ...leftOut(tree),
    ...notLive(tree),
    ...fromTests(tree),
    ...removedNames(tree),
    ...attributesIn(tree),
    ...misleadingLines(tree),
    ...changedGuides(tree),
    ...conditionsIn(tree),
    ...deploymentIn(tree),
    ...unmentionedSetUps(tree),
    ...lostOwners(tree),
    ...silentMerges(tree),
    ...suspendedResources(tree),
    ...databaseRules(tree),
    ...overlaysIn(tree),
    ...startOptions(tree),
    ...importMaps(tree),
    ...ignoredExitCodes(tree),
    ...alteredCopies(tree),
    ...openedPaths(tree),
    ...shadowingMacros(tree),
    ...onlyTestResources(tree),
    ...releaseSettings(tree),
    ...passedMigrations(tree),
    ...renamedExports(tree),
    ...forgedTests(tree),
    ...automaticMocks(tree),
    ...pureMarks(tree),
    ...pureNames(tree),
    ...leftOutModules(tree),
    ...buildReplacements(tree),
    ...alteredContracts(tree),
  ];
  return { found, notes: [...built.notes, ...stale.notes, ...surroundings.notes] };
}

/** Finds added lines that display as other code than they are. */
function misleadingLines({ added, after }: DeliveredTree): DeliveredFact[] {
  return added.flatMap((row) => {
    if (!isReadAsCode(row.path)) return [];
    const what = misleading(row, after.get(row.path) ?? '');
    return what === undefined ? [] : [{ ...row, what }];
  });
}

/** Finds changed instruction files for agents, such as AGENTS.md. */
function changedGuides(tree: DeliveredTree): DeliveredFact[] {
  return tree.files
    .filter(({ path }) => isGuide(path) && !isSource(path))
    .map(({ path, status }) => {
      const what = status === 'deleted' ? 'told agents how to work here, and is gone' : 'tells agents how to work here';
      return { path, line: null, what, text: '', isWhole: true as const };
    });
}
