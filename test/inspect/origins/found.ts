/** Finds the statements about the origin of code that a change of one file adds and that no rule accepts. */
import { saysOrigins, unknownOrigins } from '../../../src/inspect/origins/unknown-origins';

interface OriginOptions {
  before?: string;
  declared?: string[];
  /** Go modules that a changed source imports. */
  imported?: string[];
}

export function originsIn(
  path: string,
  after: string,
  { before, declared = [], imported = [] }: OriginOptions = {},
): string[] {
  const file = {
    declared: new Set(declared),
    isRead: saysOrigins,
    importsModule: (one: string) => imported.includes(one),
  };
  return unknownOrigins({ ...file, path, before: before ?? null, after }).map(({ what }) => what);
}
