/**
 * Builds the statement with which a function of a compiled language returns nothing: the zero value of its declared result type.
 *
 * It supports only result types whose text shows the zero value: an edit that does not compile shows nothing about any test.
 */
import type { Grammar } from './grammars';
import type { Syntax } from './syntax';

export interface Zero {
  /** A return statement under a condition that compilers do not evaluate. */
  leave: string;
  /** False if a function that did its work could also return the zero value, such as nothing or no error. */
  isTelling: boolean;
}

const MAX_TYPE_CHARS = 120;

/** Returns undefined if the language has no zero values, or if that of the result is unknown. */
export function zeroOf(node: Syntax, grammar: Grammar): Zero | undefined {
  if (grammar === 'go') return zeroOfGo(node);
  if (grammar === 'rust') return zeroOfRust(node);
  if (grammar === 'java') return zeroOfJava(node);
  if (grammar === 'c-sharp') return zeroOfCSharp(node);
  return grammar === 'cpp' ? zeroOfC(node) : undefined;
}

const returnOfValue = (leave: string): Zero => ({ leave, isTelling: true });
const returnOfSuccess = (leave: string): Zero => ({ leave, isTelling: false });

/** In Go, `*new(T)` is the zero value of every type. */
function zeroOfGo(node: Syntax): Zero | undefined {
  const result = node.field('result');
  if (result === undefined) return returnOfSuccess('if true { return };');
  if (result.type !== 'parameter_list') return goResults([result.text]);
  const types = result.children.flatMap((one) => {
    const type = one.field('type')?.text;
    const names = one.children.length - 1;
    return type === undefined ? [] : Array<string>(Math.max(1, names)).fill(type);
  });
  return types.length === 0 ? undefined : goResults(types);
}

function goResults(types: string[]): Zero | undefined {
  if (types.some((type) => type.length > MAX_TYPE_CHARS)) return undefined;
  const leave = `if true { return ${types.map((type) => `*new(${type})`).join(', ')} };`;
  return types.every((type) => type === 'error') ? returnOfSuccess(leave) : returnOfValue(leave);
}

const RUST_DEFAULTS = /^(?:[iu](?:8|16|32|64|128|size)|f32|f64|bool|char|String|&(?:'\w+ )?(?:str|\[[^\]]*\])|\(\))$/;
const RUST_CONTAINERS = /^(?:Option|Vec|VecDeque|HashMap|HashSet|BTreeMap|BTreeSet)<.*>$/;

function zeroOfRust(node: Syntax): Zero | undefined {
  if (node.type !== 'function_item') return undefined;
  const type = node.field('return_type')?.text.replace(/\s+/g, ' ');
  if (type === undefined) return returnOfSuccess('if true { return; }');
  if (type.length > MAX_TYPE_CHARS) return undefined;
  const resultTypes = /^(?:[\w:]*::)?Result<(.*)>$/.exec(type)?.[1];
  const okType = resultTypes === undefined ? undefined : firstTypeArgument(resultTypes);
  if (okType === '()') return returnOfSuccess('if true { return Ok(()); }');
  if (okType !== undefined)
    return hasDefault(okType) ? returnOfValue('if true { return Ok(Default::default()); }') : undefined;
  return hasDefault(type) ? returnOfValue('if true { return Default::default(); }') : undefined;
}

const hasDefault = (type: string): boolean => RUST_DEFAULTS.test(type) || RUST_CONTAINERS.test(type);

/** Returns the first of several type arguments. */
function firstTypeArgument(text: string): string {
  let depth = 0;
  for (const [at, char] of [...text].entries()) {
    if ('<(['.includes(char)) depth += 1;
    else if ('>)]'.includes(char)) depth -= 1;
    else if (char === ',' && depth === 0) return text.slice(0, at).trim();
  }
  return text.trim();
}

const JAVA_ZEROS: ReadonlyMap<string, string> = new Map([
  ['boolean', 'false'],
  ['int', '0'],
  ['long', '0'],
  ['short', '(short) 0'],
  ['byte', '(byte) 0'],
  ['char', '(char) 0'],
  ['float', '0'],
  ['double', '0'],
]);

function zeroOfJava(node: Syntax): Zero | undefined {
  if (node.type !== 'method_declaration') return undefined;
  const type = node.field('type')?.text;
  if (type === undefined) return undefined;
  if (type === 'void') return returnOfSuccess('if (true) return;');
  return returnOfValue(`if (true) return ${JAVA_ZEROS.get(type) ?? 'null'};`);
}

/** A condition that is always true, which the compiler of C# does not know. */
const IS_TRUE_IN_CSHARP = 'if (global::System.DateTime.Now.Year > 0)';

/** Iterators and tasks are left out: they return their results in other ways. */
function zeroOfCSharp(node: Syntax): Zero | undefined {
  const type = (node.field('returns') ?? node.field('type'))?.text;
  if (type === undefined || !/^(?:method_declaration|local_function_statement)$/.test(node.type)) return undefined;
  if (/Task|Enumerable|Enumerator|^ref\b/.test(type)) return undefined;
  return type === 'void'
    ? returnOfSuccess(`${IS_TRUE_IN_CSHARP} return;`)
    : returnOfValue(`${IS_TRUE_IN_CSHARP} return default!;`);
}

const C_NUMBERS = /^(?:(?:unsigned|signed|long|short|char|int|float|double|bool|size_t|ssize_t|u?int\d+_t)\s*)+$/;

/** If a function returns a pointer, the star belongs to its declarator. */
function zeroOfC(node: Syntax): Zero | undefined {
  if (node.type !== 'function_definition') return undefined;
  const type = node.field('type')?.text;
  const declarator = node.field('declarator')?.type;
  if (type === undefined || declarator === undefined) return undefined;
  if (declarator === 'pointer_declarator') return returnOfValue('if (1) return 0;');
  if (declarator !== 'function_declarator') return undefined;
  if (type === 'void') return returnOfSuccess('if (1) return;');
  return C_NUMBERS.test(type) ? returnOfValue('if (1) return 0;') : undefined;
}
