/**
 * All places of a change where another thing may be delivered than was tested, or read than is run. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { ALIAS_CONFIG } from '../imports/aliases';
import { attributesIn } from './attributes';
import { automaticMocks, bentTests } from './bent-tests';
import { builtIn, hasBuilt, saysDelivery } from './built';
import { conditionsIn } from './conditions';
import { deploymentIn } from './deployment';
import { fromTests } from './from-tests';
import { goneNames, hasGone, mayAskForGone } from './gone-names';
import { isGuide } from './guides';
import { leftOutModules, pureMarks, pureNames } from './left-out-calls';
import { isList } from './pack-lists';
import { alteredContracts } from './set-up/altered-contracts';
import { asleep } from './set-up/asleep';
import { databaseRules } from './set-up/database-rules';
import { opensDescriptions } from './set-up/descriptions';
import { unlikeTheirTemplate } from './set-up/generated-copies';
import { importMaps } from './set-up/import-maps';
import { isNamedSetUp } from './set-up/kinds';
import { overlaysIn } from './set-up/overlays';
import { releaseSettings } from './set-up/release-settings';
import { startOptions } from './set-up/start-options';
import { lostExits } from './set-up/lost-exits';
import { answeringMacros } from './set-up/macros';
import { laidByBuilds } from './set-up/laid-by-builds';
import { mergesIn, ownersIn } from './set-up/owners';
import { onlyTestResources } from './set-up/test-resources';
import { unaskedSetUps } from './set-up/unasked';
import { isPythonManifest } from './live-python';
import { passedMigrations } from './migrations';
import { mayMissLive, notLive } from './not-live';
import { leftOut, mayLeaveOut } from './packed';
import { hasRenames, renamedExports } from './renamed-exports';
import { isReadAsCode, misleading } from './readable';
import { hasStale, isGuideOfBuild, staleIn } from './stale';
import { isSource } from './tree';
import type { DeliveredTree } from './tree';
import { readsSurroundings, surroundingsOf } from './surroundings';
import { hasTwins, twinsOf } from './twins';

/** Build files and settings in which conditions are set. */
const BUILD_FILE =
  /(^|\/)(?:[^/]*[mM]akefile|[jJ]ustfile|CMakeLists\.txt|Cargo\.toml|Procfile|config\.toml|build\.zig|meson\.build)$|\.(?:sh|bash|mk|cmake|ya?ml|vcxproj|csproj|nix)$/;

const READ = [isList, saysDelivery, isPythonManifest, mayAskForGone, isGuideOfBuild, isNamedSetUp];

/** Files whose texts are always needed, beside those that change. */
export function isAlwaysRead(path: string): boolean {
  const isNamed = [BUILD_FILE, ALIAS_CONFIG].some((files) => files.test(path));
  return !/(^|\/)node_modules\//.test(path) && (isNamed || READ.some((isRead) => isRead(path)));
}

/** True where the texts of all code are needed, to tell who loads what. */
export function needsAllCode(tree: DeliveredTree): boolean {
  return (
    hasTwins(tree) ||
    hasBuilt(tree) ||
    mayLeaveOut(tree) ||
    mayMissLive(tree) ||
    fromTests(tree).length > 0 ||
    hasGone(tree) ||
    hasStale(tree) ||
    hasRenames(tree) ||
    readsSurroundings(tree)
  );
}

export function deliveredOf(tree: DeliveredTree): { found: DeliveredFact[]; notes: string[] } {
  const built = builtIn(tree);
  const stale = staleIn(tree);
  const surroundings = surroundingsOf(tree);
  const found = [
    ...twinsOf(tree),
    ...built.found,
    ...stale.found,
    ...surroundings.found,
    ...leftOut(tree),
    ...notLive(tree),
    ...fromTests(tree),
    ...goneNames(tree),
    ...attributesIn(tree),
    ...unreadable(tree),
    ...guides(tree),
    ...conditionsIn(tree),
    ...deploymentIn(tree),
    ...unaskedSetUps(tree),
    ...ownersIn(tree),
    ...mergesIn(tree),
    ...asleep(tree),
    ...databaseRules(tree),
    ...overlaysIn(tree),
    ...startOptions(tree),
    ...importMaps(tree),
    ...lostExits(tree),
    ...unlikeTheirTemplate(tree),
    ...opensDescriptions(tree),
    ...answeringMacros(tree),
    ...onlyTestResources(tree),
    ...releaseSettings(tree),
    ...passedMigrations(tree),
    ...renamedExports(tree),
    ...bentTests(tree),
    ...automaticMocks(tree),
    ...pureMarks(tree),
    ...pureNames(tree),
    ...leftOutModules(tree),
    ...laidByBuilds(tree),
    ...alteredContracts(tree),
  ];
  return { found, notes: [...built.notes, ...stale.notes, ...surroundings.notes] };
}

function unreadable({ added, after }: DeliveredTree): DeliveredFact[] {
  return added.flatMap((row) => {
    if (!isReadAsCode(row.path)) return [];
    const what = misleading(row, after.get(row.path) ?? '');
    return what === undefined ? [] : [{ ...row, what }];
  });
}

function guides(tree: DeliveredTree): DeliveredFact[] {
  return tree.files
    .filter(({ path }) => isGuide(path) && !isSource(path))
    .map(({ path, status }) => {
      const what = status === 'deleted' ? 'told agents how to work here, and is gone' : 'tells agents how to work here';
      return { path, line: null, what, text: '', isWhole: true as const };
    });
}
