/**
 * Defines for each language the text of its breaks: the statement that stops a function, the null value, and the grammar's node names.
 *
 * An edit must not cause a build error because of types, unused names or unreachable code: that error would look as if a test had
 * noticed the break. In compiled languages, statements are therefore inserted under a condition that compilers do not evaluate.
 */
import type { Grammar } from './grammars';

export interface LanguageRules {
  grammar: Grammar;
  /** True if values, conditions and statements can be replaced without an error of a compiler. */
  isDynamic: boolean;
  /** A statement that stops the program; it is inserted before other statements. */
  stop: string;
  /** An expression that stops the program; null if the language has none. */
  stopExpression: string | null;
  /** A statement that returns nothing; null if it could fail to compile. */
  leave: string | null;
  /** The null value of the language; null if no value fits every type. */
  nothing: string | null;
  /** A statement that does nothing. */
  skip: string;
  /** The texts for false, true and the logical operators. */
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
/** The types must still fit: otherwise a test that is compiled with this file would not compile. */
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
    // This expression fits every type, and it throws.
    stopExpression: 'java.util.Objects.requireNonNull(null)',
  },
  // A constant condition would make the rest unreachable, which some projects treat as an error.
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

/** Node types of functions in all grammars; a type that two grammars share means the same in both. */
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

/** Types of the nodes that contain statements. */
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

/** Types of assigned names: an assignment to one of them only declares a name of the scope. */
export const PLAIN_NAMES: ReadonlySet<string> = new Set([
  'identifier',
  'variable_name',
  'constant',
  'pattern_list',
  'tuple_pattern',
]);
