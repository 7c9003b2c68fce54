/**
 * All places of a change where another thing may be delivered than was tested, or read than is run. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { attributesIn } from './attributes';
import { builtIn, hasBuilt, saysDelivery } from './built';
import { conditionsIn } from './conditions';
import { deploymentIn } from './deployment';
import { isGuide } from './guides';
import { isList } from './pack-lists';
import { leftOut, mayLeaveOut } from './packed';
import { isReadAsCode, misleading } from './readable';
import { changedPaths, isSource } from './tree';
import type { DeliveredTree } from './tree';
import { hasTwins, twinsOf } from './twins';

/** Build files and settings in which conditions are set. */
const BUILD_FILE =
  /(^|\/)(?:[^/]*[mM]akefile|[jJ]ustfile|CMakeLists\.txt|Cargo\.toml|Procfile|config\.toml|build\.zig|meson\.build)$|\.(?:sh|bash|mk|cmake|ya?ml|vcxproj|csproj|nix)$/;

/** Files whose texts are always needed, beside those that change. */
export function isAlwaysRead(path: string): boolean {
  return !/(^|\/)node_modules\//.test(path) && (isList(path) || saysDelivery(path) || BUILD_FILE.test(path));
}

/** True where the texts of all code are needed, to tell who loads what. */
export function needsAllCode(tree: DeliveredTree): boolean {
  return hasTwins(tree) || hasBuilt(tree) || mayLeaveOut(tree);
}

export function deliveredOf(tree: DeliveredTree): { found: DeliveredFact[]; notes: string[] } {
  const built = builtIn(tree);
  const found = [
    ...twinsOf(tree),
    ...built.found,
    ...leftOut(tree),
    ...attributesIn(tree),
    ...unreadable(tree),
    ...guides(tree),
    ...conditionsIn(tree),
    ...deploymentIn(tree),
  ];
  return { found, notes: built.notes };
}

function unreadable({ added, after }: DeliveredTree): DeliveredFact[] {
  return added.flatMap((row) => {
    if (!isReadAsCode(row.path)) return [];
    const what = misleading(row, after.get(row.path) ?? '');
    return what === undefined ? [] : [{ ...row, what }];
  });
}

function guides(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree)
    .filter((path) => isGuide(path) && !isSource(path))
    .map((path) => ({ path, line: null, what: 'tells agents how to work here', text: '', isWhole: true as const }));
}
