/**
 * The rights of a token, and one table of the actions that each right allows. Pure.
 *
 * Each API route and each command requires one action. A right allows actions; it never names a single route.
 */
import { isId } from './ids';

/** In the order in which the documentation explains them. */
export const RIGHTS = ['viewer', 'operator', 'approver', 'agent', 'admin'] as const;
export type Right = (typeof RIGHTS)[number];

/** `administer` covers everything that does not belong to a single build, such as tokens. */
export const ACTIONS = ['read', 'operate', 'approve', 'submit', 'administer'] as const;
export type Action = (typeof ACTIONS)[number];

const ALLOWED_ACTIONS: Readonly<Record<Right, readonly Action[]>> = {
  viewer: ['read'],
  /** May start, steer and end builds, and restore earlier releases. */
  operator: ['read', 'operate'],
  /** May approve or reject findings. No other right allows that. */
  approver: ['read', 'approve'],
  /** May do the work of an external role: submit results and push commits. */
  agent: ['read', 'submit'],
  admin: ACTIONS,
};

/** All projects, or the ids of those that a caller may see. */
export type Projects = '*' | readonly string[];

/** The caller of the API, as identified by a token or by a setting. */
export interface Caller {
  /** Identifies the token, for rate limits and for its revocation; null if the server requires no token. */
  id: string | null;
  /** The actor of the caller's commands. Null if the server requires no token: the caller then states its own name. */
  name: string | null;
  rights: readonly Right[];
  projects: Projects;
  /** Milliseconds since the epoch; null: the token never expires. */
  expiresAt: number | null;
}

/** The caller of a server that requires no token, for example a program on the same machine. */
export const ANYONE: Caller = { id: null, name: null, rights: ['admin'], projects: '*', expiresAt: null };

export function allows(rights: readonly Right[], action: Action): boolean {
  return rights.some((right) => ALLOWED_ACTIONS[right].includes(action));
}

/** The rights that allow the action, the narrowest first. */
export function rightsFor(action: Action): Right[] {
  return RIGHTS.filter((right) => ALLOWED_ACTIONS[right].includes(action));
}

export function isVisible(projects: Projects, projectId: string): boolean {
  return projects === '*' || projects.includes(projectId);
}

export function isRight(value: unknown): value is Right {
  return (RIGHTS as readonly unknown[]).includes(value);
}

/** Maximum number of projects that a token may name: each becomes a term of a Temporal query. */
export const PROJECTS_LIMIT = 100;

export function isProjects(value: unknown): value is Projects {
  if (value === '*') return true;
  return Array.isArray(value) && value.length > 0 && value.length <= PROJECTS_LIMIT && value.every(isId);
}

/** Checks a token name, which appears in audit trails, logs and lists. */
export function isTokenName(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$/.test(value);
}
