/**
 * Recognises guards: branches whose condition checks that a value is missing or has another type. Experiments break a
 * guard like other branches, but no test has to enter it. A branch for one certain value needs a test: it could be a back door.
 */

/** A variable with its members. */
const NAME = '[\\w$.?\\[\\]]+';
const NOTHING = '(?:null|undefined|None|nil|NULL|nullptr)';
/** Conditions of guards. Each pattern is tried on one part of a condition, of at most 400 characters. */
const GUARD_CONDITIONS: readonly RegExp[] = [
  new RegExp(`^!+\\(?${NAME}\\)?$`),
  new RegExp(`^not ${NAME}$`),
  new RegExp(`^${NAME} ?(?:===?|!==?|is not|is) ?${NOTHING}$`),
  new RegExp(`^${NAME}\\.(?:length|size|len\\(\\)|is_empty\\(\\)|isEmpty\\(\\)|size\\(\\)) ?(?:(?:===?|<|<=) ?[01])?$`),
  new RegExp(`^len\\(${NAME}\\) ?(?:==|<) ?[01]$`),
  new RegExp(`^typeof ${NAME} ?!==? ?['"]\\w+['"]$`),
  new RegExp(`^typeof ${NAME} ?===? ?['"]undefined['"]$`),
  new RegExp(`^!?(?:Array\\.isArray|Number\\.isNaN|isNaN|Number\\.isFinite|Number\\.isInteger)\\(${NAME}\\)$`),
  new RegExp(`^(?:not )?isinstance\\(${NAME}, ?[\\w.(), ]+\\)$`),
  new RegExp(`^!?\\(?${NAME} instanceof [\\w.]+\\)?$`),
  new RegExp(`^${NAME} ?< ?0$`),
  /^(?:err|error|e|ex) ?!= ?nil$/,
];

export function isGuard(condition: string): boolean {
  const parts = condition
    .replace(/\s+/g, ' ')
    .replace(/^\((.*)\)$/, '$1')
    .split(/ ?\|\| ?| or /)
    .map((part) => part.trim());
  return condition.length <= 400 && parts.every((part) => GUARD_CONDITIONS.some((pattern) => pattern.test(part)));
}
