/**
 * Finds out which toolchains this machine has.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Shape } from './shape';

/** Gives the first tool of the shape that is not on PATH; null if all are. */
export function missingTool({ tools = [] }: Pick<Shape, 'tools'>): string | null {
  return tools.find((tool) => !isOnPath(tool)) ?? null;
}

function isOnPath(tool: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, tool)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
