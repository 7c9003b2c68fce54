/**
 * Reads, line by line, Python requirements and constraints files, setup.py, setup.cfg, pip.conf and conda environments,
 * and finds other sources and code that runs.
 */
import { isOfRegistry, leavesRepository } from './addresses';
import { codeLines, newLines, shorten } from './origin';
import type { Origin, OriginFile } from './origin';
import { yamlLines } from './yaml-lines';

/** Returns why a requirement (PEP 508, or a line for pip) is not known to be safe; undefined if it is. */
export function requirementProblem(line: string, { path, isRead }: OriginFile): string | undefined {
  const bare = line.replace(/(^|\s)#.*$/, '').trim();
  // A name with an optional list of extras, and an optional version range or marker.
  if (bare === '' || /^[A-Za-z0-9][\w.-]*\s*(\[[\w\s,.-]*\])?\s*([(=<>!~;].*)?$/.test(withoutHashes(bare)))
    return /:\/\//.test(bare.replace(/;.*$/, '')) ? `asks for "${shorten(bare)}"` : undefined;
  const option = /^(-\w|--[\w-]+)(?:[\s=]+|(?=\S))(.*)$/.exec(bare);
  if (option !== null) return optionProblem(option[1] ?? '', (option[2] ?? '').trim(), { path, isRead });
  if (/^(\.{0,2}\/|\.$)/.test(bare) && !isArchive(bare))
    return leavesRepository(path, pathOf(bare)) ? outsideProblem(bare) : undefined;
  return `asks for "${shorten(bare)}", which is not from the registry`;
}

function optionProblem(option: string, value: string, { path, isRead }: Pick<OriginFile, 'path' | 'isRead'>) {
  if (/^--(require-hashes|pre|prefer-binary|no-binary|only-binary|use-feature|no-build-isolation|hash)$/.test(option))
    return undefined;
  if (/^(-i|--index-url|--extra-index-url)$/.test(option) && isOfRegistry(value, 'pypi')) return undefined;
  if (/^(-e|--editable)$/.test(option)) {
    if (/:\/\/|^git\+|^[A-Za-z0-9][\w.-]*\s*@/.test(value))
      return `asks for "${shorten(value)}", which is not from the registry`;
    return leavesRepository(path, pathOf(value)) ? outsideProblem(value) : undefined;
  }
  if (/^(-r|-c|--requirements?|--constraints?)$/.test(option)) {
    const target = placeOf(path, value);
    if (/:\/\//.test(value) || target === undefined) return outsideProblem(value);
    return isRead(target) ? undefined : `includes "${shorten(value)}", which is not read as a manifest`;
  }
  return `sets "${shorten(`${option} ${value}`)}"`;
}

export function requirementsOrigins(text: string, file: OriginFile): Origin[] {
  // Joins a line that ends with a backslash to the next one; \u0000 marks the joint for the line numbers.
  const joined = text.replace(/\\\r?\n/g, ' \u0000');
  let line = 1;
  return joined.split(/\r?\n/).flatMap((one): Origin[] => {
    const firstLine = line;
    line += 1 + (one.split('\u0000').length - 1);
    const what = requirementProblem(one.replaceAll('\u0000', ' '), file);
    return what === undefined ? [] : [{ line: firstLine, what }];
  });
}

function withoutHashes(text: string): string {
  return text.split(/\s--hash[=\s]/)[0]?.trim() ?? text;
}

function isArchive(text: string): boolean {
  return /\.(whl|zip|tar|tgz|tar\.\w+|egg)(\[|;|\s|$)/.test(text);
}

function pathOf(text: string): string {
  return text.replace(/[[;].*$/, '').trim();
}

function outsideProblem(text: string): string {
  return `asks for "${shorten(text)}", outside of the repository`;
}

/** Resolves a path from the folder of a file; undefined if it leads out of the repository. */
function placeOf(path: string, target: string): string | undefined {
  if (leavesRepository(path, target)) return undefined;
  const parts = path.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** Lines of a setup.py that are known to be harmless: literals, imports of setuptools, calls of `setup` and `find_packages`. */
const HARMLESS_LINE =
  /^(\w+\s*=\s*)?([ru]?"[^"]*"|[ru]?'[^']*'|\[|\]|\{|\}|\(|\)|find_packages\(\)|find_namespace_packages\(\)|setup\(|setuptools\.setup\(|True|False|None|[\d.\s,:])*(\s*#.*)?$|^(from setuptools import [\w, ]+|import setuptools|from distutils\.core import setup)$|^"""[^"]*("""[,)]?)?$/;
/** Names in a setup.py that lead to another source or make code run. */
const SOURCE_OR_CODE =
  /cmdclass|dependency_links|ext_modules|setup_requires|https?:\/\/[^"']+\.(zip|whl|tar|tgz)|git\+|\s@\s/;

/** Reports new lines of a setup.py that are not known to be harmless, since the file runs when the project is installed. */
export function setupPyOrigins(text: string, file: OriginFile): Origin[] {
  return newLines(text, file)
    .filter((one) => !HARMLESS_LINE.test(one.text) || SOURCE_OR_CODE.test(one.text))
    .map((one) => ({ line: one.line, what: `runs at installation: ${shorten(one.text)}` }));
}

/** Reports lines of setup.cfg and pip.conf that use other sources or name code to run. */
export function setupCfgOrigins(text: string): Origin[] {
  return codeLines(text, /^[#;]/)
    .filter((one) =>
      /^(dependency_links|find[_-]links|index[_-]url|extra[_-]index[_-]url|cmdclass|setup_requires)\b|git\+|\s@\s\S+:\/\//i.test(
        one.text,
      ),
    )
    .map((one) => ({ line: one.line, what: `sets "${shorten(one.text)}"` }));
}

/** Lines of pip.conf that select no other source. */
const PIP_CONF =
  /^(\[[\w-]+\]|(timeout|retries|disable-pip-version-check|no-input|require-virtualenv|quiet|verbose|no-cache-dir|cache-dir|progress-bar|require-hashes|prefer-binary|break-system-packages|no-color)\s*=.*)$/;

export function pipConfOrigins(text: string): Origin[] {
  return codeLines(text, /^[#;]/)
    .filter((one) => !PIP_CONF.test(one.text))
    .filter(
      (one) => !/^(extra-)?index-url\s*=/.test(one.text) || !isOfRegistry(one.text.replace(/^[^=]*=\s*/, ''), 'pypi'),
    )
    .map((one) => ({ line: one.line, what: `sets "${shorten(one.text)}"` }));
}

/** Public channels of conda. */
const CHANNELS = /^(conda-forge|defaults|nodefaults|bioconda|pytorch|nvidia|anaconda|main|r|msys2)$/;

/** Reads environment.yml: channels, packages of channels, and the lines for pip. */
export function condaOrigins(text: string, file: OriginFile): Origin[] {
  return yamlLines(text).flatMap(({ line, keys, value, text: row }): Origin[] => {
    const [key = '', subkey] = keys;
    const say = (): Origin[] => [{ line, what: `asks for "${shorten(row)}"` }];
    if (key === 'channels' || key === 'default_channels' || key === 'channel_alias')
      return value === '' || CHANNELS.test(value) || isOfRegistry(value, 'conda') ? [] : say();
    if (key !== 'dependencies' || value === '') return [];
    if (subkey === 'pip') {
      const what = requirementProblem(value, file);
      return what === undefined ? [] : [{ line, what }];
    }
    const [channel, name] = value.split('::');
    if (name !== undefined) return CHANNELS.test(channel ?? '') ? [] : say();
    return /:\/\/|^[./]/.test(value) ? say() : [];
  });
}
