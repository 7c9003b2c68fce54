/**
 * Finds local files that a Python project's requirements name: further requirement files, and packages in the repository. Pure.
 */
import type { ProjectTree } from '../packages/install';
import { foldersAbove } from '../packages/workspace-folder';
import { pathPatterns } from '../path-patterns';
import { placeAt } from '../places';
import { isObject } from '../../domain/json';

/** Paths are relative to the project's folder. */
export interface PythonLocals {
  /** Files that requirements include by `-r` and `-c`, directly or through other files. */
  files: string[];
  /** Folders and archives that pip installs by copying. */
  copied: string[];
  /** Folders that pip installs as links to their sources. */
  editable: string[];
}

/** Limit of the requirement files that are read; others are ignored. Projects have far fewer. */
const MAX_FILES = 200;

/** `roots`: the requirement files that the install step names. */
export function pythonLocals(
  project: ProjectTree,
  { roots, toml }: { roots: readonly string[]; toml: Record<string, unknown> },
): PythonLocals {
  const files = new Set(roots);
  const found = { copied: new Set<string>(), editable: new Set<string>() };
  const folders = new Set(project.paths.flatMap(foldersAbove));
  for (const file of files) {
    for (const line of linesOf(project.read(file) ?? '')) {
      const includedPath = /^(?:-r|-c|--requirement|--constraint)(?:\s*=\s*|\s*)(\S+)$/.exec(line)?.[1];
      const place = includedPath === undefined ? undefined : placeInProject(project, folderOf(file), includedPath);
      if (place === undefined) addLocal({ project, folders }, line, found);
      else if (files.size < MAX_FILES) files.add(place);
    }
  }
  for (const { path, isEditable } of localsInToml(toml))
    (isEditable ? found.editable : found.copied).add(placeAt('', path));
  for (const path of workspaceMembers(project, toml)) found.editable.add(path);
  return {
    files: [...files].filter((file) => !roots.includes(file)),
    copied: [...found.copied].filter((place) => place !== '' && !found.editable.has(place)),
    editable: [...found.editable].filter((place) => place !== ''),
  };
}

function linesOf(text: string): string[] {
  const lines = text.replace(/\\\r?\n/g, ' ').split(/\r?\n/);
  return lines.map((line) => line.replace(/(^|\s)#.*$/s, '').trim()).filter((line) => line !== '');
}

/** Adds the local package that a line names. pip resolves its path from the working folder, not from the requirements file. */
function addLocal(
  { project, folders }: { project: ProjectTree; folders: ReadonlySet<string> },
  line: string,
  found: { copied: Set<string>; editable: Set<string> },
): void {
  const editable = /^(?:-e|--editable)(?:\s*=|\s)(.*)$/s.exec(line)?.[1]?.trim();
  const target = textUpTo(textUpTo(editable ?? line, /;/), /\s--\S/)
    .trim()
    .replace(/^[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\]\s*)?@\s*/, '')
    .replace(/^file:(?:\/\/)?(?!\/)/, './');
  const bare = withoutExtras(target).trim();
  const isFolder = bare.includes('/') && folders.has(bare);
  const isPath = isFolder || /^\.{1,2}(\/|$)/.test(bare);
  const place = isPath || editable !== undefined ? placeInProject(project, '', bare) : undefined;
  if (place !== undefined) (editable === undefined ? found.copied : found.editable).add(place);
}

function textUpTo(text: string, mark: RegExp): string {
  const at = text.search(mark);
  return at < 0 ? text : text.slice(0, at);
}

/** Removes extras: `./lib[dev]` becomes `./lib`. */
function withoutExtras(text: string): string {
  if (!text.endsWith(']')) return text;
  const at = text.indexOf('[', text.lastIndexOf(']', text.length - 2) + 1);
  return at < 0 ? text : text.slice(0, at);
}

/** Returns the path relative to the project's folder; undefined for a URL, an absolute path, or a path with a variable. */
function placeInProject({ folder }: ProjectTree, from: string, path: string): string | undefined {
  if (/^\/|:\/\/|\$\{|\s|^[\w.]+\+/.test(path) || path === '') return undefined;
  const place = placeAt(from, path);
  return placeAt(folder, place).startsWith('..') ? undefined : place;
}

/** Returns the packages that poetry's dependencies and uv's sources name by `path`. */
function localsInToml(toml: Record<string, unknown>): Array<{ path: string; isEditable: boolean }> {
  const tool = tableOf(toml['tool']);
  const poetry = tableOf(tool['poetry']);
  const groups = Object.values(tableOf(poetry['group'])).map((group) => tableOf(group)['dependencies']);
  const tables = [poetry['dependencies'], poetry['dev-dependencies'], ...groups, tableOf(tool['uv'])['sources']];
  return tables
    .flatMap((table) => Object.values(tableOf(table)))
    .flatMap((spec) => {
      const { path, develop, editable } = tableOf(spec);
      return typeof path !== 'string' || path.startsWith('/')
        ? []
        : [{ path, isEditable: (develop ?? editable) === true }];
    });
}

/** Returns the folders of uv's workspace members. */
function workspaceMembers(project: ProjectTree, toml: Record<string, unknown>): string[] {
  const { members } = tableOf(tableOf(tableOf(toml['tool'])['uv'])['workspace']);
  if (!Array.isArray(members)) return [];
  const names = members.filter((member): member is string => typeof member === 'string');
  const folders = project.paths.filter((path) => path.endsWith('/pyproject.toml')).map(folderOf);
  return folders.filter(pathPatterns(names.map((name) => placeAt('', name))));
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function tableOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}
