/**
 * Recognises parts of code that need no test: comments, docstrings, types, declarations, error messages, and logs.
 *
 * The type of a node shows what it is; for a call, the name of the called function does. Only short names are compared.
 */
import type { NoUnitReason } from '../../domain/experiments/units';
import type { Syntax } from './syntax';

/** Reasons by type of the node. */
const KINDS: ReadonlyMap<string, NoUnitReason> = new Map([
  ...withReason('comment', 'comment', 'line_comment', 'block_comment', 'html_comment', 'hash_bang_line'),
  ...withReason(
    'types',
    ...['type_annotation', 'type_arguments', 'type_parameters', 'interface_declaration', 'type_alias_declaration'],
    ...[
      'ambient_declaration',
      'function_signature',
      'method_signature',
      'abstract_method_signature',
      'asserts_annotation',
    ],
    ...['type_predicate_annotation', 'literal_type', 'union_type', 'type', 'type_alias_statement', 'type_declaration'],
    ...['annotation_type_declaration', 'type_item', 'struct_item', 'template_parameter_list', 'template_argument_list'],
    ...['alias_declaration', 'type_definition', 'array_type', 'slice_type', 'implements_clause', 'generic_type'],
    ...['type_parameter_list', 'type_argument_list', 'index_signature', 'delegate_declaration'],
  ),
  ...withReason(
    'declaration',
    ...['import_statement', 'import_from_statement', 'future_import_statement', 'import_declaration', 'package_clause'],
    ...[
      'package_declaration',
      'using_directive',
      'use_declaration',
      'extern_crate_declaration',
      'namespace_use_declaration',
    ],
    ...['preproc_include', 'preproc_def', 'preproc_function_def', 'preproc_call', 'using_declaration', 'export_clause'],
    ...['decorator', 'marker_annotation', 'annotation', 'attribute_item', 'inner_attribute_item', 'attribute_list'],
    ...[
      'global_statement',
      'nonlocal_statement',
      'mod_item_empty',
      'static_assert_declaration',
      'linkage_specification_value',
    ],
    ...['global_attribute', 'import_alias', 'php_tag', 'declare_statement', 'array_declarator_size'],
  ),
  ...withReason('message', 'throw_statement', 'raise_statement', 'throw_expression'),
]);

function withReason(why: NoUnitReason, ...types: string[]): Array<[string, NoUnitReason]> {
  return types.map((type) => [type, why]);
}

const CALLS: ReadonlySet<string> = new Set([
  'call_expression',
  'call',
  'method_invocation',
  'invocation_expression',
  'function_call_expression',
  'member_call_expression',
  'scoped_call_expression',
  'macro_invocation',
  'new_expression',
  'object_creation_expression',
]);

const LOG_METHOD =
  '(?:debug|info|warn|warning|error|trace|fatal|log|exception|critical|verbose|notice|silly|panic|print)(?:f|w|ln|c|Context|Line|Information)?';
/** Names of calls that write a log. */
const LOGS: readonly RegExp[] = [
  /(?:^|[.>:])console\.\w+$/,
  new RegExp(
    `(?:^|[.>:$])_*(?:log|logs|logger|logging|slog|syslog|winston|pino|tracing|zap)(?:\\.|->|::)_?${LOG_METHOD}!?$`,
    'i',
  ),
  /\bgetLogger\([^()]{0,60}\)\.\w+$/,
  /^(?:warnings\.warn|process\.(?:stderr\.write|emitWarning)|sys\.stderr\.write|error_log|trigger_error|debuglog)$/,
  /^(?:\$?stderr|STDERR|System\.err|os\.Stderr|Console\.Error|std::cerr)\.\w+$/,
  /^(?:e?print(?:ln)?|eprint(?:ln)?|dbg|trace|debug|info|warn|error|log::\w+|tracing::\w+)!$/,
];
const TO_STDERR = /\b(?:file\s*=\s*sys\.stderr|os\.Stderr|std::cerr|stderr)\b/;
/** Names of calls that raise or create an error. */
const RAISES =
  /^(?:raise|fail|panic|panic!|unreachable!|todo!|unimplemented!|bail!|anyhow!|ensure!|errors\.New|fmt\.Errorf|errors\.Errorf|errors\.Wrapf?|abort|Err)$/;
/** Calls that end the program; tests of its functions do not check its exit code. */
const EXIT_CALL = /^(?:process\.exit|sys\.exit|os\.Exit|(?:std::)?process::exit|System\.exit|Environment\.Exit)$/;
const ERROR_TYPE = /(?:^|[.\\:])[A-Z]\w{0,60}(?:Error|Exception|Warning)$|^(?:Error|Exception)$/;
const IMPORTS =
  /^(?:require|require_relative|import|require\.resolve|include|include_once|require_once|load|jest\.mock|include_str!|include_bytes!|env!|option_env!|cfg!)$/;

/** Returns why the node needs no test; undefined if experiments may break it. */
export function regionOf(node: Syntax): NoUnitReason | undefined {
  const kind = KINDS.get(node.type);
  if (kind !== undefined) return node.isNamed ? kind : undefined;
  if (node.type === 'expression_statement' || node.type === 'await') return statementRegion(node);
  if (CALLS.has(node.type)) return callRegion(node);
  if (node.type === 'export_statement') return node.field('source') === undefined ? undefined : 'declaration';
  if (node.type === 'if_statement') return guardRegion(node);
  if (node.type === 'assignment' || node.type === 'variable_declarator') return assignedRegion(node);
  if (node.type === 'mod_item' || node.type === 'decorated_definition') return wrappedRegion(node);
  if (/^(?:include|require)(?:_once)?_expression$/.test(node.type)) return 'declaration';
  return undefined;
}

function statementRegion(node: Syntax): NoUnitReason | undefined {
  const [only, ...more] = node.children;
  if (only === undefined || more.length > 0) return undefined;
  if (only.type === 'string' || only.type === 'concatenated_string') {
    if (node.parent?.type === 'module' || node.parent?.type === 'block') return 'docstring';
    return /^['"]use [a-z ]+['"]$/.test(only.text) ? 'declaration' : undefined;
  }
  // This only declares a name and its type, without a value.
  if (only.type === 'assignment' && only.field('right') === undefined) return 'types';
  return regionOf(only);
}

/** Returns the name of the called function as the source writes it; an empty text if it is long. */
export function calledName(node: Syntax): string {
  const callee =
    node.field('function') ?? node.field('macro') ?? node.field('constructor') ?? node.field('type') ?? undefined;
  if (callee !== undefined) return short(callee) + (node.type === 'macro_invocation' ? '!' : '');
  const name = node.field('method') ?? node.field('name') ?? node.children[0];
  if (name === undefined) return '';
  const object = node.field('receiver') ?? node.field('object') ?? node.field('scope');
  return object === undefined ? short(name) : `${short(object)}.${short(name)}`;
}

function short(node: Syntax): string {
  return node.to - node.from > 120 ? '' : node.text;
}

function callRegion(node: Syntax): NoUnitReason | undefined {
  const name = calledName(node);
  if (name === '') return undefined;
  if (LOGS.some((pattern) => pattern.test(name))) return name === 'print!' || name === 'println!' ? undefined : 'log';
  if (/^(?:print|fmt\.Fprint(?:f|ln)?|fputs|fprintf|fwrite)$/.test(name) && isToStderr(node)) return 'log';
  if (RAISES.test(name)) return 'message';
  if (ERROR_TYPE.test(name)) return 'message';
  if (EXIT_CALL.test(name)) return 'script';
  if (IMPORTS.test(name)) return 'declaration';
  return undefined;
}

function isToStderr(node: Syntax): boolean {
  const args = node.field('arguments');
  return args !== undefined && args.children.some((argument) => TO_STDERR.test(short(argument)));
}

/** `if TYPE_CHECKING:` contains types; `if __name__ == "__main__":` starts a script. */
function guardRegion(node: Syntax): NoUnitReason | undefined {
  const condition = node.field('condition');
  if (condition === undefined || condition.to - condition.from > 60) return undefined;
  if (/^(?:typing\.)?TYPE_CHECKING$/.test(condition.text)) return 'types';
  return /^__name__\s*==\s*['"]__main__['"]$/.test(condition.text) ? 'script' : undefined;
}

/** Names of modules' metadata in Python. */
const METADATA_NAME = /^(?:__all__|__slots__|_*version(?:_info)?_*|__author__|__email__|__license__)$/i;

function assignedRegion(node: Syntax): NoUnitReason | undefined {
  const name = node.field('left') ?? node.field('name');
  if (name === undefined || !METADATA_NAME.test(short(name))) {
    const value = node.field('right') ?? node.field('value');
    return value !== undefined && isTypeMaker(value) ? 'types' : undefined;
  }
  return 'declaration';
}

/** True for a call that only creates a type, such as `TypeVar('T')`. */
function isTypeMaker(value: Syntax): boolean {
  return value.type === 'call' && /^(?:typing\.)?(?:TypeVar|NewType|ParamSpec|TypeVarTuple)$/.test(calledName(value));
}

/** Recognises test modules of Rust and overloads of Python. */
function wrappedRegion(node: Syntax): NoUnitReason | undefined {
  if (node.type === 'mod_item') return isTestModule(node) ? 'test' : undefined;
  const isOverload = node.children.some(
    (child) => child.type === 'decorator' && /^@(?:typing\.|t\.)?overload$/.test(short(child).trim()),
  );
  return isOverload ? 'types' : undefined;
}

function isTestModule(node: Syntax): boolean {
  const siblings = node.parent?.all ?? [];
  const before = siblings[siblings.findIndex(({ from }) => from === node.from) - 1];
  return before?.type === 'attribute_item' && /^#\[cfg\(test\)\]$/.test(before.text.replace(/\s/g, ''));
}

/** True for a block that only raises, logs, or returns an error: breaking it changes nothing that a test can see. */
export function onlyReports(statements: readonly Syntax[]): boolean {
  const bare = statements.filter(({ type }) => !/^(?:break_statement|pass_statement|continue_statement)$/.test(type));
  return bare.length > 0 && bare.every(isReport);
}

function isReport(statement: Syntax): boolean {
  const why = regionOf(statement);
  if (why === 'message' || why === 'log' || why === 'docstring') return true;
  if (/^(?:return_statement|return|return_expression)$/.test(statement.type)) return GIVES_ERROR.test(short(statement));
  const [only, ...more] = statement.children;
  return statement.type === 'expression_statement' && only !== undefined && more.length === 0 && isReport(only);
}

/** A result that is an error. */
const GIVES_ERROR = /\berr(?:or)?\b|\bErrorf\(|\bErr\(|\w(?:Error|Exception)\b|\berrors\.|\breject\(/;
