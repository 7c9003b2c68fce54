/**
 * Finds in Gemfile, gemspec, composer.json and their lock files other sources, and scripts that run during installation.
 */
import { isObject } from '../../domain/json';
import type { JsonObject } from '../../domain/json';
import { objectOf } from '../manifests/json-text';
import { isOfRegistry, leavesRepository } from './addresses';
import { codeLines, newLines, originAt, shorten } from './origin';
import type { Origin, OriginFile } from './origin';
import { fetchingCalls } from './shell';

/** Lines of a Gemfile that choose a registry package. Any other line is code or uses another source. */
const GEM_LINE =
  /^(gem\s*\(?\s*["'][\w.-]+["'](\s*,\s*["'][\w.~><=! ]+["'])*|group\s*\(?[\w:, ]+\)?\s*do|end|gemspec( .*)?|ruby .*|platforms?\s*\(?[\w:, ]+\)?\s*do|(if|unless|else|elsif)\b.*|source\s*\(?\s*["']https:\/\/rubygems\.org\/?["']\)?( do)?|frozen_string_literal.*)/;
/** Options and calls that use another source or run code. */
const OTHER_SOURCE =
  /\b(git|github|gist|bitbucket|path|source|eval_gemfile|instance_eval|eval|system|exec|spawn|require|load|open|plugin|git_source)\b\s*[:(]?|`|%x|:\/\//;

export function gemfileOrigins(text: string, file: OriginFile): Origin[] {
  return codeLines(text, /^#/).flatMap(({ line, text: row }) => {
    const isKnown = GEM_LINE.test(row);
    const rest = row.replace(GEM_LINE, '').replace(/,\s*require:\s*(false|["'][\w/-]+["']|\[[^\]]*\])/, '');
    const path = /\bpath:\s*["']([^"']+)["']/.exec(rest)?.[1];
    const isInRepository = path !== undefined && !leavesRepository(file.path, path);
    const isSafe = isKnown && (isInRepository || !OTHER_SOURCE.test(rest));
    return isSafe ||
      /^(git_source\(:github\).*|[)\]}]*|["'][\w.~><= -]+["'],?|(require|platforms?|groups?):.*)$/.test(row)
      ? []
      : [{ line, what: `is no plain line of a Gemfile: ${shorten(row)}` }];
  });
}

export function gemfileLockOrigins(text: string, file: OriginFile): Origin[] {
  let section = '';
  return text.split(/\r?\n/).flatMap((raw, index): Origin[] => {
    if (/^[A-Z][A-Z ]*$/.test(raw)) section = raw;
    const remote = /^ {2}remote: (.*)$/.exec(raw)?.[1]?.trim();
    if (remote === undefined) return [];
    if (section === 'GEM' && isOfRegistry(remote, 'rubygems')) return [];
    if (section === 'PATH' && !leavesRepository(file.path, remote)) return [];
    return [{ line: index + 1, what: `takes packages from ${shorten(remote)} (${section})` }];
  });
}

/** Reads a gemspec, which is a program that runs when the gem is loaded. */
export function gemspecOrigins(text: string, file: OriginFile): Origin[] {
  return newLines(text, file)
    .filter((one) =>
      /\b(extensions|post_install_message|system|exec|spawn|eval|require_relative.*\.\.\/\.\.|open-uri|Net::HTTP)\b|%x/.test(
        one.text,
      ),
    )
    .map((one) => ({ line: one.line, what: `runs at installation: ${shorten(one.text)}` }));
}

/** Names of scripts that composer runs by itself. */
const COMPOSER_EVENTS =
  /^(pre|post)-(install|update|autoload|root|package|create|operations|pool|file|command|dependencies|status|archive)/;

export function composerOrigins(text: string, file: OriginFile): Origin[] {
  const manifest = objectOf(text);
  if (manifest === undefined) return text.trim() === '' ? [] : [{ line: 1, what: 'cannot be read as composer.json' }];
  const say = (needle: string, what: string): Origin[] => [originAt(needle, what)];
  const config = objectAt(manifest, 'config');
  const requirements = [
    ...Object.entries(objectAt(manifest, 'require')),
    ...Object.entries(objectAt(manifest, 'require-dev')),
  ];
  return [
    ...listItems(manifest['repositories']).flatMap((one) =>
      isPackagist(one, file) ? [] : say('"repositories"', `takes packages from ${shorten(JSON.stringify(one))}`),
    ),
    ...Object.entries(objectAt(manifest, 'scripts')).flatMap(([name, script]) => {
      const lines = listItems(script).map(String);
      const calls = lines.flatMap((line) => fetchingCalls(line, file.declared));
      return [
        ...(COMPOSER_EVENTS.test(name)
          ? lines
              .filter((line) => !/^@\w/.test(line))
              .flatMap((line) => say(name, `script ${name} runs at installation: "${shorten(line)}"`))
          : []),
        ...calls.flatMap((call) => say(name, `script ${name} ${call}`)),
      ];
    }),
    ...Object.entries(objectAt(config, 'allow-plugins')).flatMap(([name, isAllowed]) =>
      isAllowed === true ? say(name, `lets the plugin ${name} run`) : [],
    ),
    ...(config['allow-plugins'] === true ? say('allow-plugins', 'lets every plugin run') : []),
    ...['secure-http', 'disable-tls'].flatMap((key) =>
      config[key] === (key === 'disable-tls') ? say(key, `sets ${key}`) : [],
    ),
    ...requirements.flatMap(([name, spec]) =>
      /:\/\/|\bdev-\S+ as\b/.test(String(spec)) ? say(name, `${name} comes from "${shorten(String(spec))}"`) : [],
    ),
  ];
}

/** True for Packagist itself, a folder of the repository, or an entry that only turns a repository off. */
function isPackagist(one: unknown, { path }: OriginFile): boolean {
  if (one === false) return true;
  if (!isObject(one) || typeof one['url'] !== 'string')
    return isObject(one) && Object.values(one).every((setting) => setting === false);
  if (one['type'] === 'path') return !leavesRepository(path, one['url']);
  return one['type'] === 'composer' && isOfRegistry(one['url'], 'packagist') && !/github\.com/.test(one['url']);
}

export function composerLockOrigins(text: string): Origin[] {
  const lock = objectOf(text);
  if (lock === undefined) return [{ line: 1, what: 'cannot be read as a lock file' }];
  return [...listItems(lock['packages']), ...listItems(lock['packages-dev'])].flatMap((one) => {
    if (!isObject(one)) return [];
    const [dist, name] = [objectAt(one, 'dist'), String(one['name'])];
    const say = (what: string): Origin[] => [originAt(JSON.stringify(name), `${name} ${what}`)];
    if (dist['type'] === 'path')
      return leavesRepository('composer.lock', String(dist['url'])) ? say('is outside of the repository') : [];
    if (one['notification-url'] !== 'https://packagist.org/downloads/') return say('is no package of the registry');
    const urls = [dist['url'], objectAt(one, 'source')['url']].filter((url) => typeof url === 'string');
    const foreign = urls.find(
      (url) => !isOfRegistry(url, 'packagist') && !/^https:\/\/(gitlab\.com|bitbucket\.org)\//.test(url),
    );
    return foreign === undefined ? [] : say(`is fetched from ${shorten(foreign)}`);
  });
}

function objectAt(value: JsonObject, key: string): JsonObject {
  const found = value[key];
  return isObject(found) ? found : {};
}

function listItems(value: unknown): unknown[] {
  return Array.isArray(value) ? value : isObject(value) ? Object.values(value) : value === undefined ? [] : [value];
}
