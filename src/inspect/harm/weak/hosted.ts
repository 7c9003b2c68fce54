/**
 * Finds access rules of hosted services that let everybody in: databases, object stores, cloud policies, row-level
 * security (CWE-284). Reads plain files without comments. Pure.
 */
import type { HarmRule } from '../rule';

const EVERYBODY = {
  does: 'lets everybody in by the rules of a hosted service',
  why: 'everybody who knows the address reads or writes all data; name the users who may, and the data that belongs to them',
  after: 'CWE-284',
} as const;

export const HOSTED: readonly HarmRule[] = [
  {
    ...EVERYBODY,
    // Data that all may read may be published on purpose, so reading counts only for whole collections.
    pattern:
      /\ballow\s{1,3}[\w, ]{0,40}\b(?:write|create|update|delete)\b[\w, ]{0,40}(?::\s{0,3}if\s{1,3}true\b|;)|\ballow\s{1,3}(?:read|list)[\w, ]{0,40}:\s{0,3}if\s{1,3}true\b(?<=\/\{\w{1,30}=\*\*\}[\s\S]{0,200})|"\.write"\s{0,3}:\s{0,3}(?:true|"true")/g,
  },
  {
    ...EVERYBODY,
    pattern:
      /["']?\bEffect["']?\s{0,3}[:=]\s{0,3}["']?Allow["']?(?:(?!Effect|Condition)[^{}]){0,300}?["']?\bPrincipal["']?\s{0,3}[:=]\s{0,3}(?:["']\*["']|\{\s{0,9}["']?AWS["']?\s{0,3}[:=]\s{0,3}\[?\s{0,3}["']\*["'])(?!(?:(?!Effect)[\s\S]){0,300}?\bCondition\b)|["']?\bPrincipal["']?\s{0,3}[:=]\s{0,3}(?:["']\*["']|\{\s{0,9}["']?AWS["']?\s{0,3}[:=]\s{0,3}\[?\s{0,3}["']\*["'])(?=(?:(?!Effect|Condition)[^{}]){0,200}?\}?(?:(?!Effect|Condition)[^{}]){0,200}?["']?\bEffect["']?\s{0,3}[:=]\s{0,3}["']?Allow)/g,
  },
  {
    ...{ ...EVERYBODY, does: 'lets a role do all there is to do' },
    why: 'the holder of the role or its key controls the whole account; name the actions and the resources',
    pattern:
      /["']?\b[aA]ctions?["']?\s{0,3}[:=]\s{0,3}\[?\s{0,9}(?:-\s{0,3})?["']\*(?::\*)?["'](?=(?:(?!Effect)[\s\S]){0,200}?["']?\b[rR]esources?["']?\s{0,3}[:=]\s{0,3}\[?\s{0,9}(?:-\s{0,3})?["']\*["'])|^[ \t-]*verbs:\s{0,3}\[\s{0,3}["']\*["']|\bmembers?\s{0,3}=\s{0,3}\[?\s{0,3}"(?:allUsers|allAuthenticatedUsers)"/gm,
  },
  {
    ...EVERYBODY,
    does: 'shows the schema of an API, or its playground, to everybody',
    why: 'an attacker reads there where to look for a hole',
    isNote: true,
    pattern:
      /\bintrospection["']?\s{0,3}[:=]\s{0,3}["']?true\b|\bGRAPHQL_(?:INTROSPECTION|PLAYGROUND)\s{0,3}[:=]\s{0,3}["']?(?:true|1)\b/g,
  },
];

/** Rules for row-level security in SQL. */
export const HOSTED_SQL: readonly HarmRule[] = [
  {
    ...EVERYBODY,
    pattern:
      /\bcreate\s+policy\b(?:(?!\bfor\s+select\b|\bto\s+service_role\b)[^;]){0,300}?\b(?:using|with\s+check)\s{0,3}\(\s{0,3}true\s{0,3}\)|\bdisable\s+row\s+level\s+security\b/gi,
  },
];
