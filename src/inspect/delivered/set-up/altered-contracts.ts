/**
 * Finds changes of settings and contracts that delete data, select another implementation, or change the meaning of data for clients
 * that have the old contract. Settings that the change leaves alone are not reported. Pure.
 */
import { isObject } from '../../../domain/json';
import type { DeliveredFact } from '../../../domain/delivered';
import { objectOf } from '../../manifests/json-text';
import { changedPaths, freshLines, isForTests, isProduct, linesOf, textBefore } from '../tree';
import type { DeliveredTree } from '../tree';

export function findAlteredContracts(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree).flatMap((path) => {
    if (isForTests(path)) return [];
    return [
      ...findServiceLists(tree, path),
      ...findPublicPackages(tree, path),
      ...findSchemaSettings(tree, path),
      ...findDataLossCommands(tree, path),
      ...findPanicAborts(tree, path),
      ...findFieldNumbers(tree, path),
    ];
  });
}

/** Names of classes that look like doubles or old versions. */
const STAND_IN =
  /(?:^|[._/-]|(?<=[a-z]))(?:[Dd]emo|[Dd]ummy|[Ff]ake|[Mm]ock|[Ss]tub|[Nn]o[Oo]p|[Ss]ample|[Tt]est|[Ll]egacy|[Oo]ld)(?:[A-Z._-]|$)/;

/** Finds service lists with another first class: Java loads the first one. */
function findServiceLists(tree: DeliveredTree, path: string): DeliveredFact[] {
  if (!/(^|\/)META-INF\/services\/[^/]+$/.test(path) || !tree.before.has(path)) return [];
  const [now, before] = [namesIn(tree.after.get(path) ?? ''), namesIn(textBefore(tree, path))];
  const [first] = now;
  if (first === undefined || before[0] === undefined || first.name === before[0].name) return [];
  const file = tree.paths.find((one) => one.includes(`/${first.name.replaceAll('.', '/')}.`));
  const isNew = tree.files.some((one) => one.path === file && one.status === 'added');
  if (isNew && !STAND_IN.test(first.name)) return [];
  const what = `names ${first.name} before ${before[0].name}: code that loads the service gets ${first.name}; put the tested class first`;
  return [{ path, line: first.line, what, text: first.name, showsWholeChange: true }];
}

function namesIn(text: string): Array<{ line: number; name: string }> {
  return linesOf(text).flatMap((row, at) => {
    const name = row.replace(/#.*$/, '').trim();
    return name === '' ? [] : [{ line: at + 1, name }];
  });
}

/** Finds package.json files that make a private package public. */
function findPublicPackages(tree: DeliveredTree, path: string): DeliveredFact[] {
  if (!/(^|\/)package\.json$/.test(path)) return [];
  const [now, before] = [objectOf(tree.after.get(path) ?? ''), objectOf(textBefore(tree, path))];
  if (now === undefined || before === undefined) return [];
  const accessOf = (one: Record<string, unknown>): unknown => {
    const config = one['publishConfig'];
    return isObject(config) ? config['access'] : undefined;
  };
  const isOpened = before['private'] === true && now['private'] !== true;
  const isPublic = accessOf(now) === 'public' && accessOf(before) !== 'public';
  if (
    !(isOpened || (isPublic && accessOf(before) !== undefined)) ||
    /\bpublish|\bnpm\b|public registry/i.test(tree.asked?.text ?? '')
  )
    return [];
  const what = `lets the package, which was ${isOpened ? 'private' : 'restricted'}, be published for everybody: neither the request nor the plan mentions publishing`;
  return [{ path, line: null, what, text: '', showsWholeChange: true }];
}

const DDL = /\b(?:ddl-auto|ddl_auto|hbm2ddl[._]auto|generate-ddl)\b["']?\s{0,3}[:=>]\s{0,3}["']?([\w-]+)/;
const SCHEMA_SYNC =
  /\b(?:synchronize|dropSchema)\b["']?\s{0,3}[:=]\s{0,3}true\b|\.sync\(\s{0,3}\{\s{0,3}(?:force|alter)\s{0,3}:\s{0,3}true/;

/** Finds settings that drop or alter tables when the product starts. */
function findSchemaSettings(tree: DeliveredTree, path: string): DeliveredFact[] {
  if (/(?:^|[-._/])(?:test|dev|local)[-.]/i.test(path)) return [];
  const before = textBefore(tree, path);
  const [syncs, hasDdl] = [/\bsynchronize\b|\bdropSchema\b|\.sync\(/.test(before), DDL.test(before)];
  return freshLines(tree, path).flatMap(({ line, text }): DeliveredFact[] => {
    const cut = text.slice(0, 300);
    const ddl = DDL.exec(cut)?.[1];
    const dropsTables = ddl !== undefined && /^create(?:-drop|-only)?$|^drop$/.test(ddl);
    const altersTables = ddl === 'update' || SCHEMA_SYNC.test(cut);
    if (!dropsTables && !(altersTables && (ddl === undefined ? syncs : hasDdl))) return [];
    const what = `has the tables ${dropsTables ? 'dropped and made anew' : 'altered'} where the product starts (${text.trim().slice(0, 80)}): what they hold may be lost; let migrations alter them`;
    return [{ path, line, what, text, showsWholeChange: true }];
  });
}

const DATA_LOSS =
  /--accept-data-loss\b|--force-reset\b|\bprisma\s{1,3}migrate\s{1,3}reset\b|\bmigrate:(?:fresh|refresh|reset)\b|\bdb:(?:reset|drop|schema:load)\b|\bschema:drop\b|\bdoctrine:schema:(?:drop|update)\b.{0,60}--force\b|\bflyway\s{1,3}clean\b|\bliquibase\s{1,3}drop-?all\b|\bmanage\.py\s{1,3}flush\b|\bsequelize\s{1,3}db:drop\b|\bknex\s{1,3}migrate:rollback\s{1,3}--all\b/i;
const RELEASE_FILE =
  /(^|\/)(?:Procfile|fly[^/]*\.toml|render\.ya?ml|app\.(?:json|ya?ml)|Dockerfile[^/]*|Containerfile[^/]*|[^/]*compose[^/]*\.ya?ml|railway\.(?:json|toml)|vercel\.json|netlify\.toml|[^/]*(?:deploy|release|entrypoint|start|migrate)[^/]*\.(?:sh|ya?ml|[cm]?js)|package\.json|[mM]akefile)$|\.github\/workflows\/[^/]*(?:deploy|release)[^/]*$/i;

/** Finds release commands that delete data. */
function findDataLossCommands(tree: DeliveredTree, path: string): DeliveredFact[] {
  if (!RELEASE_FILE.test(path)) return [];
  return freshLines(tree, path).flatMap(({ line, text }): DeliveredFact[] => {
    const command = DATA_LOSS.exec(text.slice(0, 1_000))?.[0];
    const isOfDevelopers =
      /"[\w:-]{0,40}(?:test|dev|local|reset|fresh|seed)[\w:-]{0,40}"\s{0,3}:/.test(text) || /^\s*#/.test(text);
    if (command === undefined || isOfDevelopers) return [];
    const what = `runs ${command}, which takes data away where the product is released: nothing brings it back; run migrations that keep it`;
    return [{ path, line, what, text, showsWholeChange: true }];
  });
}

/** Finds `panic = "abort"`, with which a panic ends the process although code would catch it. */
function findPanicAborts(tree: DeliveredTree, path: string): DeliveredFact[] {
  if (!/(^|\/)(?:Cargo\.toml|\.cargo\/config(?:\.toml)?)$/.test(path)) return [];
  return freshLines(tree, path).flatMap(({ line, text }): DeliveredFact[] => {
    if (!/^\s*panic\s{0,3}=\s{0,3}["']abort["']|-C\s?panic=abort/.test(text)) return [];
    const user = [...tree.after].find(
      ([one, own]) =>
        one.endsWith('.rs') && isProduct(one) && /\bcatch_unwind\b|\.join\(\)\.(?:is_err|unwrap_or|map_err)/.test(own),
    )?.[0];
    if (user === undefined) return [];
    const what = `lets each panic end the process, and ${user} catches panics: a release dies where the tests go on; leave panic as it is`;
    return [{ path, line, what, text, showsWholeChange: true }];
  });
}

const FIELD =
  /^\s{0,40}(?:(?:repeated|optional|required)\s{1,3})?(?:map<[^>]{1,80}>|[\w.]{1,80})\s{1,3}(\w{1,80})\s{0,3}=\s{0,3}(\d{1,9})\b/;
const ENUM_ENTRY = /^\s{0,40}(\w{1,80})\s{0,3}=\s{0,3}(-?\d{1,9})\s{0,3}[;[]/;

/** Finds protobuf fields with another number than before: protobuf identifies fields by their numbers. */
function findFieldNumbers(tree: DeliveredTree, path: string): DeliveredFact[] {
  const before = textBefore(tree, path);
  if (!/\.proto$/.test(path) || before === '') return [];
  const rows = linesOf(tree.after.get(path) ?? '');
  const [former, now] = [fieldsOf(before), fieldsOf(tree.after.get(path) ?? '')];
  const byNumber = new Map([...now.values()].reverse().map((one) => [`${one.container} ${one.number}`, one]));
  return [...former].flatMap(([key, oldField]): DeliveredFact[] => {
    const newField = now.get(key);
    if (newField?.number === oldField.number) return [];
    const successor = newField === undefined ? byNumber.get(`${oldField.container} ${oldField.number}`) : undefined;
    const isRenamed = newField === undefined && successor?.kind === oldField.kind;
    if ((newField === undefined && successor === undefined) || isRenamed) return [];
    const line = newField?.line ?? successor?.line ?? null;
    const what =
      newField === undefined
        ? `gives the number ${oldField.number} of ${key} to another field: clients with the old file read one field as the other; reserve the number, and use a new one`
        : `numbers ${key} ${newField.number} instead of ${oldField.number}: clients with the old file read another field; do not change numbers`;
    return [{ path, line, what, text: rows[(line ?? 1) - 1] ?? '', showsWholeChange: true }];
  });
}

interface Field {
  /** The message or enum that contains the field. */
  container: string;
  number: string;
  kind: string;
  line: number;
}

function fieldsOf(text: string): Map<string, Field> {
  const found = new Map<string, Field>();
  const openBlocks: string[] = [];
  for (const [at, row] of linesOf(text).entries()) {
    const cut = row.slice(0, 300).replace(/\/\/.*$/, '');
    const block = /\b(?:message|enum|oneof|service|extend)\s{1,3}([\w.]{1,80})\s{0,3}\{/.exec(cut)?.[1];
    if (block !== undefined && !/\}/.test(cut)) openBlocks.push(/\boneof\b/.test(cut) ? '' : block);
    else if (/^\s*\}/.test(cut)) openBlocks.pop();
    const [all = '', name, number] = FIELD.exec(cut) ?? ENUM_ENTRY.exec(cut) ?? [];
    if (name === undefined || number === undefined || openBlocks.length === 0) continue;
    const container = openBlocks.filter(Boolean).join('.');
    found.set(`${container}.${name}`, { container, number, kind: all.trim().split(/\s+/)[0] ?? '', line: at + 1 });
  }
  return found;
}
