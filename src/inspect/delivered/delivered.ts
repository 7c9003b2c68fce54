/**
 * Runs all rules for what a change delivers: they find places where other code goes live than was tested, and code that displays as
 * other code than it runs. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { ALIAS_CONFIG } from '../imports/aliases';
import { attributesIn } from './attributes';
import { findAutomaticMocks, findForgedTests } from './forged-tests';
import { findBuiltFiles, mayChangeOutput, canNameDelivered } from './built';
import { conditionsIn } from './conditions';
import { deploymentIn } from './deployment';
import { findImportsOfTests } from './from-tests';
import { findRemovedNames, hasRemovals, isProgram } from './removed-names';
import { isGuide } from './guides';
import { findDroppedModules, findPureMarks, findPureNames } from './dropped-calls';
import { isPackingList } from './pack-lists';
import { findAlteredContracts } from './set-up/altered-contracts';
import { findSuspendedResources } from './set-up/suspended';
import { findDatabaseRules } from './set-up/database-rules';
import { findOpenedPaths } from './set-up/descriptions';
import { findAlteredCopies } from './set-up/generated-copies';
import { findImportMaps } from './set-up/import-maps';
import { isNamedSetUp } from './set-up/kinds';
import { findOverlays } from './set-up/overlays';
import { findReleaseSettings } from './set-up/release-settings';
import { findStartOptions } from './set-up/start-options';
import { findIgnoredExitCodes } from './set-up/ignored-exit-codes';
import { findShadowingMacros } from './set-up/macros';
import { findBuildReplacements } from './set-up/build-replacements';
import { findSilentMerges, findLostOwners } from './set-up/owners';
import { findTestOnlyResources } from './set-up/test-resources';
import { findUnmentionedSetUps } from './set-up/unmentioned';
import { isPythonManifest } from './live-python';
import { findPassedMigrations } from './migrations';
import { mayMissPackages, findMissingPackages } from './missing-packages';
import { findLeftOut, mayLeaveOut } from './packed';
import { hasRenames, findRenamedExports } from './renamed-exports';
import { isReadAsCode, misleadingReason } from './readable';
import { hasStaleOutput, isContributorGuide, findStaleOutput } from './stale';
import { isSource } from './tree';
import type { DeliveredTree } from './tree';
import { readsEnvironment, environmentFindings } from './environment-variables';
import { hasTwins, findTwins } from './twins';

/** Files that set build flags and start options. */
const BUILD_FILE =
  /(^|\/)(?:[^/]*[mM]akefile|[jJ]ustfile|CMakeLists\.txt|Cargo\.toml|Procfile|config\.toml|build\.zig|meson\.build)$|\.(?:sh|bash|mk|cmake|ya?ml|vcxproj|csproj|nix)$/;

const ALWAYS_READ = [isPackingList, canNameDelivered, isPythonManifest, isProgram, isContributorGuide, isNamedSetUp];

/** True for files whose texts every run of the rules needs, in addition to the changed files. */
export function isAlwaysRead(path: string): boolean {
  const isNamed = [BUILD_FILE, ALIAS_CONFIG].some((files) => files.test(path));
  return !/(^|\/)node_modules\//.test(path) && (isNamed || ALWAYS_READ.some((isRead) => isRead(path)));
}

/** True if a rule must know which files load which, for which it needs the texts of all code. */
export function needsAllCode(tree: DeliveredTree): boolean {
  return (
    hasTwins(tree) ||
    mayChangeOutput(tree) ||
    mayLeaveOut(tree) ||
    mayMissPackages(tree) ||
    findImportsOfTests(tree).length > 0 ||
    hasRemovals(tree) ||
    hasStaleOutput(tree) ||
    hasRenames(tree) ||
    readsEnvironment(tree)
  );
}

export function findDelivered(tree: DeliveredTree): { found: DeliveredFact[]; notes: string[] } {
  const built = findBuiltFiles(tree);
  const stale = findStaleOutput(tree);
  const environment = environmentFindings(tree);
  const found = [
    ...findTwins(tree),
    ...built.found,
    ...stale.found,
    ...environment.found,
    ...findLeftOut(tree),
    ...findMissingPackages(tree),
    ...findImportsOfTests(tree),
    ...findRemovedNames(tree),
    ...attributesIn(tree),
    ...findMisleadingLines(tree),
    ...findChangedGuides(tree),
    ...conditionsIn(tree),
    ...deploymentIn(tree),
    ...findUnmentionedSetUps(tree),
    ...findLostOwners(tree),
    ...findSilentMerges(tree),
    ...findSuspendedResources(tree),
    ...findDatabaseRules(tree),
    ...findOverlays(tree),
    ...findStartOptions(tree),
    ...findImportMaps(tree),
    ...findIgnoredExitCodes(tree),
    ...findAlteredCopies(tree),
    ...findOpenedPaths(tree),
    ...findShadowingMacros(tree),
    ...findTestOnlyResources(tree),
    ...findReleaseSettings(tree),
    ...findPassedMigrations(tree),
    ...findRenamedExports(tree),
    ...findForgedTests(tree),
    ...findAutomaticMocks(tree),
    ...findPureMarks(tree),
    ...findPureNames(tree),
    ...findDroppedModules(tree),
    ...findBuildReplacements(tree),
    ...findAlteredContracts(tree),
  ];
  return { found, notes: [...built.notes, ...stale.notes, ...environment.notes] };
}

/** Finds added lines that display as other code than they are. */
function findMisleadingLines({ added, after }: DeliveredTree): DeliveredFact[] {
  return added.flatMap((row) => {
    if (!isReadAsCode(row.path)) return [];
    const what = misleadingReason(row, after.get(row.path) ?? '');
    return what === undefined ? [] : [{ ...row, what }];
  });
}

/** Finds changed instruction files for agents, such as AGENTS.md. */
function findChangedGuides(tree: DeliveredTree): DeliveredFact[] {
  return tree.files
    .filter(({ path }) => isGuide(path) && !isSource(path))
    .map(({ path, status }) => {
      const what = status === 'deleted' ? 'told agents how to work here, and is gone' : 'tells agents how to work here';
      return { path, line: null, what, text: '', showsWholeChange: true as const };
    });
}
