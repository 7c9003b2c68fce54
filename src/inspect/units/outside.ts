/**
 * Recognises statements that a module runs when it is loaded and that change something outside of the module: `Math.round = Math.floor`,
 * `settings.large = 0`, `exec(text)`, `atexit.register(f)`. Changes of the module's own objects, such as routes of its app, do not count.
 */
import { PLAIN_NAMES } from './languages';
import { calledName } from './regions';
import type { Syntax } from './syntax';

const AT_TOP: ReadonlySet<string> = new Set(['program', 'module']);
/** Types of nodes that may contain a statement of the top level. */
const AROUND: ReadonlySet<string> = new Set([
  ...['expression_statement', 'if_statement', 'statement_block', 'block', 'try_statement', 'else_clause', 'then', 'if'],
]);
const ASSIGNED = /^(?:augmented_)?assignment(?:_expression)?$|^delete_statement$/;
/** Calls that run text as code, or that change an object, the variables, or what happens when the process ends. */
const OUTSIDE_CALL =
  /^(?:exec|eval|Function|setattr|delattr|Object\.(?:assign|definePropert(?:y|ies)|setPrototypeOf)|Reflect\.(?:set|defineProperty|deleteProperty)|atexit\.(?:register|_run_exitfuncs)|os\.environ\.(?:update|setdefault|pop)|os\.(?:putenv|unsetenv)|globals\(\)\.update|sys\.setrecursionlimit|builtins\.\w+|instance_eval|class_eval)$/;
/** Well-known settings of libraries and pages, which are no effects outside. */
const USUAL_SETTING =
  /\b(?:productionTip|displayName|rcParams|options|site_header|site_title|index_title|stackTraceLimit|locale|TZ|onerror|onload|title|innerHTML|textContent|value|location|className)\b|^(?:module|exports|window|globalThis|self|global)\b(?:\.\w+)?$|^(?:document|sys\.path)\b/;

/** `statement`: the statement that a break would remove. `effect`: the part of it that changes something. */
export function isOutside(statement: Syntax, effect: Syntax): boolean {
  if (!isAtTop(statement)) return false;
  const target = targetOf(effect);
  if (target === undefined) return false;
  const root = /^[\w$]+/.exec(target)?.[0] ?? '';
  return (
    root !== '' && !/^(?:this|self)$/.test(root) && !isDeclaredHere(statement, root) && !USUAL_SETTING.test(target)
  );
}

function isAtTop(statement: Syntax): boolean {
  for (let above = statement.parent; above !== null; above = above.parent) {
    if (AT_TOP.has(above.type)) return true;
    if (!AROUND.has(above.type)) return false;
  }
  return false;
}

/** Returns the text of the object or variable that the statement changes. */
function targetOf(effect: Syntax): string | undefined {
  if (ASSIGNED.test(effect.type)) {
    const left = effect.field('left') ?? effect.children[0];
    return left === undefined || PLAIN_NAMES.has(left.type) || left.to - left.from > 120 ? undefined : left.text;
  }
  if (effect.type === 'unary_expression') return effect.token('delete') && effect.children[0]?.text.slice(0, 120);
  const name = calledName(effect);
  if (!OUTSIDE_CALL.test(name)) return undefined;
  const first = effect.field('arguments')?.children[0];
  const changesArgument = /^(?:setattr|delattr|Object|Reflect)/.test(name);
  return changesArgument ? first?.text.slice(0, 120) : `${name} `;
}

const DECLARES =
  /^(?:lexical_declaration|variable_declaration|function_declaration|class_declaration|class_definition|function_definition|export_statement|expression_statement|decorated_definition|assignment)$/;

/** True if the file itself declares the name at its top level. */
function isDeclaredHere(statement: Syntax, name: string): boolean {
  let root = statement;
  while (root.parent !== null) root = root.parent;
  const declaration = new RegExp(
    `^(?:export\\s+)?(?:default\\s+)?(?:async\\s+)?(?:const|let|var|function\\*?|class|def)\\s+${name.replace(/\$/g, '\\$')}(?![\\w$])|^${name.replace(/\$/g, '\\$')}\\s*(?::[^=\\n]{0,60})?=(?!=)`,
  );
  return root.children.some((child) => DECLARES.test(child.type) && declaration.test(child.text.slice(0, 200)));
}
