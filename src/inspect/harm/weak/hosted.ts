/**
 * Access rules of hosted services that let everybody in: databases, object stores, cloud policies, row-level security
 * (CWE-284). Reads plain files without comments. Pure.
 */
import type { HarmRule } from '../rule';

const EVERYBODY = {
  does: 'lets everybody in by the rules of a hosted service',
  why: 'who knows the address reads or writes all of it; name who may, and what is theirs',
  after: 'CWE-284',
} as const;

export const HOSTED: readonly HarmRule[] = [
  {
    ...EVERYBODY,
    // What all may read is published; what all may write is nobody's.
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
    why: 'who has the role, or its key, has the whole account; name the actions and the things',
    pattern:
      /["']?\b[aA]ctions?["']?\s{0,3}[:=]\s{0,3}\[?\s{0,9}(?:-\s{0,3})?["']\*(?::\*)?["'](?=(?:(?!Effect)[\s\S]){0,200}?["']?\b[rR]esources?["']?\s{0,3}[:=]\s{0,3}\[?\s{0,9}(?:-\s{0,3})?["']\*["'])|^[ \t-]*verbs:\s{0,3}\[\s{0,3}["']\*["']|\bmembers?\s{0,3}=\s{0,3}\[?\s{0,3}"(?:allUsers|allAuthenticatedUsers)"/gm,
  },
  {
    ...EVERYBODY,
    does: 'shows the plan of all questions, or its playground, to everybody',
    why: 'who looks for a hole reads where to look',
    isNote: true,
    pattern:
      /\bintrospection["']?\s{0,3}[:=]\s{0,3}["']?true\b|\bGRAPHQL_(?:INTROSPECTION|PLAYGROUND)\s{0,3}[:=]\s{0,3}["']?(?:true|1)\b/g,
  },
];

/** Of row security in SQL. */
export const HOSTED_SQL: readonly HarmRule[] = [
  {
    ...EVERYBODY,
    pattern:
      /\bcreate\s+policy\b(?:(?!\bfor\s+select\b|\bto\s+service_role\b)[^;]){0,300}?\b(?:using|with\s+check)\s{0,3}\(\s{0,3}true\s{0,3}\)|\bdisable\s+row\s+level\s+security\b/gi,
  },
];
