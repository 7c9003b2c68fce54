/**
 * How each language breaks: the statement that stops a function, the value that says nothing, and what its parser calls things.
 *
 * An edit must not fail because of types, unused names or code that cannot be reached: a build error would pass for a break that
 * a test noticed. Languages that are compiled therefore get statements put in, under a condition that their compilers do not fold.
 */
import type { Grammar } from './grammars';

export interface LanguageRules {
  grammar: Grammar;
  /** Values, conditions and statements can be replaced without a compiler that objects. */
  isDynamic: boolean;
  /** A statement that stops, to be put before other statements. */
  stop: string;
  /** The same as an expression, where the language has one. */
  stopExpression: string | null;
  /** A statement that gives back nothing; null where it could not compile. */
  leave: string | null;
  nothing: string | null;
  /** A statement that does nothing. */
  skip: string;
  no: string;
  yes: string;
  and: string;
  or: string;
}

const SCRIPT = {
  isDynamic: true,
  skip: ';',
  no: 'false',
  yes: 'true',
  and: '&&',
  or: '||',
};
const COMPILED = { ...SCRIPT, isDynamic: false, stopExpression: null, leave: null, nothing: null };

const JAVASCRIPT = {
  ...SCRIPT,
  stop: 'throw new Error("broken");',
  stopExpression: '(() => { throw new Error("broken"); })()',
  leave: 'return undefined;',
  nothing: 'undefined',
};
/** Types must still fit: a test that is compiled with this file would not compile otherwise. */
const TYPESCRIPT = {
  ...JAVASCRIPT,
  stop: 'if (true as boolean) throw new Error("broken");',
  stopExpression: '((): any => { throw new Error("broken"); })()',
  leave: 'return undefined as never;',
  nothing: '(undefined as never)',
  no: '(false as boolean)',
  yes: '(true as boolean)',
};

const RULES: Record<Grammar, Omit<LanguageRules, 'grammar'>> = {
  javascript: JAVASCRIPT,
  typescript: TYPESCRIPT,
  tsx: TYPESCRIPT,
  python: {
    isDynamic: true,
    stop: 'raise RuntimeError("broken")',
    stopExpression: '(_ for _ in ()).throw(RuntimeError("broken"))',
    leave: 'return None',
    nothing: 'None',
    skip: 'pass',
    no: 'False',
    yes: 'True',
    and: 'and',
    or: 'or',
  },
  ruby: {
    ...SCRIPT,
    stop: 'raise "broken";',
    stopExpression: 'raise("broken")',
    leave: 'return nil;',
    nothing: 'nil',
    skip: 'nil',
  },
  php: {
    ...SCRIPT,
    stop: 'throw new \\RuntimeException("broken");',
    stopExpression: 'throw new \\RuntimeException("broken")',
    leave: 'return null;',
    nothing: 'null',
  },
  go: { ...COMPILED, stop: 'if true { panic("broken") };' },
  rust: { ...COMPILED, stop: 'if true { panic!("broken") }' },
  java: {
    ...COMPILED,
    stop: 'if (true) throw new RuntimeException("broken");',
    // Of every type, and it throws.
    stopExpression: 'java.util.Objects.requireNonNull(null)',
  },
  // A constant condition makes the rest unreachable, which some projects have for an error.
  'c-sharp': {
    ...COMPILED,
    stop: 'if (global::System.DateTime.Now.Year > 0) throw new global::System.Exception("broken");',
    stopExpression: 'throw new global::System.Exception("broken")',
  },
  cpp: { ...COMPILED, stop: 'if (1) __builtin_trap();' },
};

export function rulesOf(grammar: Grammar): LanguageRules {
  return { grammar, ...RULES[grammar] };
}

export function isScript(grammar: Grammar): boolean {
  return grammar === 'javascript' || isTyped(grammar);
}

export function isTyped(grammar: Grammar): boolean {
  return grammar === 'typescript' || grammar === 'tsx';
}

/** What the grammars call functions; a name that two of them share means the same in both. */
export const FUNCTIONS: ReadonlySet<string> = new Set([
  'function_declaration',
  'generator_function_declaration',
  'function_expression',
  'generator_function',
  'arrow_function',
  'method_definition',
  'function_definition',
  'lambda',
  'func_literal',
  'method_declaration',
  'constructor_declaration',
  'compact_constructor_declaration',
  'lambda_expression',
  'function_item',
  'closure_expression',
  'method',
  'singleton_method',
  'anonymous_function',
  'local_function_statement',
  'accessor_declaration',
]);

/** Nodes that hold statements. */
export const BLOCKS: ReadonlySet<string> = new Set([
  'program',
  'module',
  'statement_block',
  'block',
  'statement_list',
  'compound_statement',
  'constructor_body',
  'body_statement',
  'then',
  'else',
  'switch_case',
  'switch_default',
  'else_clause',
]);

/** Assignments that only give a name of a scope its value: they declare it. */
export const PLAIN_NAMES: ReadonlySet<string> = new Set([
  'identifier',
  'variable_name',
  'constant',
  'pattern_list',
  'tuple_pattern',
]);
