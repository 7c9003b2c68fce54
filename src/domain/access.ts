/**
 * Who may do what: the rights of a token, and the one table of what each allows. Pure.
 *
 * Each route of the API and each command names one action; a right allows actions, and never a single route.
 */
import { isId } from './ids';

/** In the order in which they are best explained. */
export const RIGHTS = ['viewer', 'operator', 'approver', 'agent', 'admin'] as const;
export type Right = (typeof RIGHTS)[number];

/** `administer` is what concerns no single build. */
export const ACTIONS = ['read', 'operate', 'approve', 'submit', 'administer'] as const;
export type Action = (typeof ACTIONS)[number];

const ALLOWED: Readonly<Record<Right, readonly Action[]>> = {
  viewer: ['read'],
  /** Starts, leads and ends builds, and makes earlier releases live again. */
  operator: ['read', 'operate'],
  /** Decides findings: what a gate held back passes by this right alone. */
  approver: ['read', 'approve'],
  /** Does the work of an external role: results, and pushes. */
  agent: ['read', 'submit'],
  admin: ACTIONS,
};

/** All projects, or the ids of those that a caller may see. */
export type Projects = '*' | readonly string[];

/** Who calls, as far as a token or a setting says. */
export interface Caller {
  /** Names the token for rate limits and for what is ended with it; null where nobody is asked. */
  id: string | null;
  /** The actor of what the caller does; null where nobody is asked, and the caller names itself. */
  name: string | null;
  rights: readonly Right[];
  projects: Projects;
  /** Milliseconds since the epoch; null: never. */
  expiresAt: number | null;
}

/** The caller where no token is asked for: a program of this machine. */
export const ANYONE: Caller = { id: null, name: null, rights: ['admin'], projects: '*', expiresAt: null };

export function allows(rights: readonly Right[], action: Action): boolean {
  return rights.some((right) => ALLOWED[right].includes(action));
}

/** The rights that allow the action, the narrowest first. */
export function rightsFor(action: Action): Right[] {
  return RIGHTS.filter((right) => ALLOWED[right].includes(action));
}

export function isVisible(projects: Projects, projectId: string): boolean {
  return projects === '*' || projects.includes(projectId);
}

export function isRight(value: unknown): value is Right {
  return (RIGHTS as readonly unknown[]).includes(value);
}

/** Most projects that a token may name: each is a term of a query to Temporal. */
export const PROJECTS_LIMIT = 100;

export function isProjects(value: unknown): value is Projects {
  if (value === '*') return true;
  return Array.isArray(value) && value.length > 0 && value.length <= PROJECTS_LIMIT && value.every(isId);
}

/** The name of a token: it stands in audit trails, logs and lists. */
export function isTokenName(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$/.test(value);
}
