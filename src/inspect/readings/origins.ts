/**
 * Finds statements about the origin of code that no rule knows, in changed files. Takes and returns plain data. Pure.
 */
import type { OriginFact } from '../../domain/origins';
import { readPackageJson } from '../manifests/package-json';
import { saysOrigins, unknownOrigins } from '../origins/unknown-origins';

export interface OriginTexts {
  files: ReadonlyArray<{ path: string; before: string | null; after: string | null }>;
  /** The texts of all package.json files of the tree. */
  manifests: readonly string[];
  /** The texts of the changed Go sources; empty unless a Go manifest changes, too. */
  sources: readonly string[];
}

/** Returns the findings of each file, in the order of the files. */
export function originsIn({ files, manifests, sources }: OriginTexts): OriginFact[][] {
  const shared = {
    declared: new Set(manifests.flatMap((text) => [...(readPackageJson(text)?.declared.keys() ?? [])])),
    isRead: saysOrigins,
    importsModule: (module: string) => sources.some((text) => importsModule(text, module)),
  };
  return files.map((file) => [...unknownOrigins({ ...shared, ...file })]);
}

function importsModule(source: string, module: string): boolean {
  return source.includes(`"${module}"`) || source.includes(`"${module}/`);
}
