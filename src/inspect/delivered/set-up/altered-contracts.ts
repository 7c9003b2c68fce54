/**
 * Settings and contracts that the change alters to what takes data away, lets another implementation answer, or is read otherwise by
 * who has the former text. What merely stands there is left alone. Pure.
 */
import { isObject } from '../../../domain/json';
import type { DeliveredFact } from '../../../domain/delivered';
import { objectOf } from '../../manifests/json-text';
import { changedPaths, freshLines, isForTests, isProduct, linesOf, textBefore } from '../tree';
import type { DeliveredTree } from '../tree';

export function alteredContracts(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree).flatMap((path) => {
    if (isForTests(path)) return [];
    return [
      ...services(tree, path),
      ...published(tree, path),
      ...schemas(tree, path),
      ...pushes(tree, path),
      ...aborts(tree, path),
      ...numbers(tree, path),
    ];
  });
}

const STAND_IN =
  /(?:^|[._/-]|(?<=[a-z]))(?:[Dd]emo|[Dd]ummy|[Ff]ake|[Mm]ock|[Ss]tub|[Nn]o[Oo]p|[Ss]ample|[Tt]est|[Ll]egacy|[Oo]ld)(?:[A-Z._-]|$)/;

/** The first one of the list is taken. */
function services(tree: DeliveredTree, path: string): DeliveredFact[] {
  if (!/(^|\/)META-INF\/services\/[^/]+$/.test(path) || !tree.before.has(path)) return [];
  const [now, was] = [namesIn(tree.after.get(path) ?? ''), namesIn(textBefore(tree, path))];
  const [first] = now;
  if (first === undefined || was[0] === undefined || first.name === was[0].name) return [];
  const file = tree.paths.find((one) => one.includes(`/${first.name.replaceAll('.', '/')}.`));
  const isNew = tree.files.some((one) => one.path === file && one.status === 'added');
  if (isNew && !STAND_IN.test(first.name)) return [];
  const what = `names ${first.name} in the place of ${was[0].name}: who asks for the service gets that one; let the tested one stand first`;
  return [{ path, line: first.line, what, text: first.name, isWhole: true }];
}

function namesIn(text: string): Array<{ line: number; name: string }> {
  return linesOf(text).flatMap((row, at) => {
    const name = row.replace(/#.*$/, '').trim();
    return name === '' ? [] : [{ line: at + 1, name }];
  });
}

/** A package that stood closed is open to everybody. */
function published(tree: DeliveredTree, path: string): DeliveredFact[] {
  if (!/(^|\/)package\.json$/.test(path)) return [];
  const [now, was] = [objectOf(tree.after.get(path) ?? ''), objectOf(textBefore(tree, path))];
  if (now === undefined || was === undefined) return [];
  const access = (one: Record<string, unknown>): unknown => {
    const config = one['publishConfig'];
    return isObject(config) ? config['access'] : undefined;
  };
  const isOpened = was['private'] === true && now['private'] !== true;
  const isPublic = access(now) === 'public' && access(was) !== 'public';
  if (
    !(isOpened || (isPublic && access(was) !== undefined)) ||
    /\bpublish|\bnpm\b|public registry/i.test(tree.asked?.text ?? '')
  )
    return [];
  const what = `lets the package, which was ${isOpened ? 'private' : 'restricted'}, be published for everybody: neither the sentence nor the plan speaks of publishing`;
  return [{ path, line: null, what, text: '', isWhole: true }];
}

const DDL = /\b(?:ddl-auto|ddl_auto|hbm2ddl[._]auto|generate-ddl)\b["']?\s{0,3}[:=>]\s{0,3}["']?([\w-]+)/;
const SYNC =
  /\b(?:synchronize|dropSchema)\b["']?\s{0,3}[:=]\s{0,3}true\b|\.sync\(\s{0,3}\{\s{0,3}(?:force|alter)\s{0,3}:\s{0,3}true/;

/** A start that makes the tables anew. */
function schemas(tree: DeliveredTree, path: string): DeliveredFact[] {
  if (/(?:^|[-._/])(?:test|dev|local)[-.]/i.test(path)) return [];
  const before = textBefore(tree, path);
  const [syncs, hasDdl] = [/\bsynchronize\b|\bdropSchema\b|\.sync\(/.test(before), DDL.test(before)];
  return freshLines(tree, path).flatMap(({ line, text }): DeliveredFact[] => {
    const cut = text.slice(0, 300);
    const ddl = DDL.exec(cut)?.[1];
    const drops = ddl !== undefined && /^create(?:-drop|-only)?$|^drop$/.test(ddl);
    const alters = ddl === 'update' || SYNC.test(cut);
    if (!drops && !(alters && (ddl === undefined ? syncs : hasDdl))) return [];
    const what = `has the tables ${drops ? 'dropped and made anew' : 'altered'} where the product starts (${text.trim().slice(0, 80)}): what they hold may be lost; let migrations alter them`;
    return [{ path, line, what, text, isWhole: true }];
  });
}

const PUSHES =
  /--accept-data-loss\b|--force-reset\b|\bprisma\s{1,3}migrate\s{1,3}reset\b|\bmigrate:(?:fresh|refresh|reset)\b|\bdb:(?:reset|drop|schema:load)\b|\bschema:drop\b|\bdoctrine:schema:(?:drop|update)\b.{0,60}--force\b|\bflyway\s{1,3}clean\b|\bliquibase\s{1,3}drop-?all\b|\bmanage\.py\s{1,3}flush\b|\bsequelize\s{1,3}db:drop\b|\bknex\s{1,3}migrate:rollback\s{1,3}--all\b/i;
const STARTS =
  /(^|\/)(?:Procfile|fly[^/]*\.toml|render\.ya?ml|app\.(?:json|ya?ml)|Dockerfile[^/]*|Containerfile[^/]*|[^/]*compose[^/]*\.ya?ml|railway\.(?:json|toml)|vercel\.json|netlify\.toml|[^/]*(?:deploy|release|entrypoint|start|migrate)[^/]*\.(?:sh|ya?ml|[cm]?js)|package\.json|[mM]akefile)$|\.github\/workflows\/[^/]*(?:deploy|release)[^/]*$/i;

function pushes(tree: DeliveredTree, path: string): DeliveredFact[] {
  if (!STARTS.test(path)) return [];
  return freshLines(tree, path).flatMap(({ line, text }): DeliveredFact[] => {
    const said = PUSHES.exec(text.slice(0, 1_000))?.[0];
    const isOfDevelopers =
      /"[\w:-]{0,40}(?:test|dev|local|reset|fresh|seed)[\w:-]{0,40}"\s{0,3}:/.test(text) || /^\s*#/.test(text);
    if (said === undefined || isOfDevelopers) return [];
    const what = `runs ${said}, which takes data away where the product is released: nothing brings it back; run migrations that keep it`;
    return [{ path, line, what, text, isWhole: true }];
  });
}

/** A panic that code catches ends the process where panics abort. */
function aborts(tree: DeliveredTree, path: string): DeliveredFact[] {
  if (!/(^|\/)(?:Cargo\.toml|\.cargo\/config(?:\.toml)?)$/.test(path)) return [];
  return freshLines(tree, path).flatMap(({ line, text }): DeliveredFact[] => {
    if (!/^\s*panic\s{0,3}=\s{0,3}["']abort["']|-C\s?panic=abort/.test(text)) return [];
    const user = [...tree.after].find(
      ([one, own]) =>
        one.endsWith('.rs') && isProduct(one) && /\bcatch_unwind\b|\.join\(\)\.(?:is_err|unwrap_or|map_err)/.test(own),
    )?.[0];
    if (user === undefined) return [];
    const what = `lets each panic end the process, and ${user} catches panics: a release dies where the tests go on; leave panic as it is`;
    return [{ path, line, what, text, isWhole: true }];
  });
}

const FIELD =
  /^\s{0,40}(?:(?:repeated|optional|required)\s{1,3})?(?:map<[^>]{1,80}>|[\w.]{1,80})\s{1,3}(\w{1,80})\s{0,3}=\s{0,3}(\d{1,9})\b/;
const ENTRY = /^\s{0,40}(\w{1,80})\s{0,3}=\s{0,3}(-?\d{1,9})\s{0,3}[;[]/;

/** Fields of messages are known by their numbers. */
function numbers(tree: DeliveredTree, path: string): DeliveredFact[] {
  const before = textBefore(tree, path);
  if (!/\.proto$/.test(path) || before === '') return [];
  const rows = linesOf(tree.after.get(path) ?? '');
  const [was, now] = [fieldsOf(before), fieldsOf(tree.after.get(path) ?? '')];
  const byNumber = new Map([...now.values()].reverse().map((one) => [`${one.of} ${one.number}`, one]));
  return [...was].flatMap(([key, old]): DeliveredFact[] => {
    const own = now.get(key);
    if (own?.number === old.number) return [];
    const taken = own === undefined ? byNumber.get(`${old.of} ${old.number}`) : undefined;
    const isRenamed = own === undefined && taken?.kind === old.kind;
    if ((own === undefined && taken === undefined) || isRenamed) return [];
    const line = own?.line ?? taken?.line ?? null;
    const what =
      own === undefined
        ? `gives the number ${old.number} of ${key} to another field: who has the former text reads the one as the other; reserve the number, and take a new one`
        : `numbers ${key} ${own.number} instead of ${old.number}: who has the former text reads another field; leave numbers as they are`;
    return [{ path, line, what, text: rows[(line ?? 1) - 1] ?? '', isWhole: true }];
  });
}

interface Field {
  of: string;
  number: string;
  kind: string;
  line: number;
}

function fieldsOf(text: string): Map<string, Field> {
  const found = new Map<string, Field>();
  const open: string[] = [];
  for (const [at, row] of linesOf(text).entries()) {
    const cut = row.slice(0, 300).replace(/\/\/.*$/, '');
    const block = /\b(?:message|enum|oneof|service|extend)\s{1,3}([\w.]{1,80})\s{0,3}\{/.exec(cut)?.[1];
    if (block !== undefined && !/\}/.test(cut)) open.push(/\boneof\b/.test(cut) ? '' : block);
    else if (/^\s*\}/.test(cut)) open.pop();
    const [all = '', name, number] = FIELD.exec(cut) ?? ENTRY.exec(cut) ?? [];
    if (name === undefined || number === undefined || open.length === 0) continue;
    const of = open.filter(Boolean).join('.');
    found.set(`${of}.${name}`, { of, number, kind: all.trim().split(/\s+/)[0] ?? '', line: at + 1 });
  }
  return found;
}
