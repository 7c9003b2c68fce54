/**
 * The till with its own test program, which prints TAP. The runner is unknown to the product, so no reporter runs inside it.
 */
import type { ScriptedBuild } from '../scripted-build';
import { nodeTill } from './node';

const RUN_TESTS = `import { readdirSync } from 'node:fs';

const files = readdirSync('test').filter((name) => name.endsWith('.js')).sort();
const cases = [];
for (const file of files) cases.push(...Object.entries((await import(\`./test/\${file}\`)).default));
console.log(\`1..\${cases.length}\`);
for (const [index, [name, run]] of cases.entries()) {
  let word = 'ok';
  try {
    await run();
  } catch {
    word = 'not ok';
    process.exitCode = 1;
  }
  console.log(\`\${word} \${index + 1} - \${name}\`);
}
`;

export function tapTill(): ScriptedBuild {
  const till = nodeTill();
  till.runner = 'a program of its own';
  till.request = { commands: { test: ['node', 'run-tests.mjs'] } };
  till.base = { ...convertFiles(till.base), 'run-tests.mjs': RUN_TESTS };
  till.code[0].files = convertFiles(till.code[0].files);
  till.audit[0].tests = convertFiles(till.audit[0].tests);
  return till;
}

function convertFiles<T extends string | null>(files: Record<string, T>): Record<string, T> {
  const tests = Object.entries(files).map(([path, text]) => [path, text === null ? null : toCaseModule(text)]);
  return Object.fromEntries(tests) as Record<string, T>;
}

/** Rewrites a test file of node:test as the program's own form: a default export of functions by name. */
function toCaseModule(text: string): string {
  if (!text.includes("from 'node:test'")) return text;
  const cases = text.replace(/^test\('(.*?)', (.*)\);$/gm, "  '$1': $2,").replace(/import \{ test \}.*\n/, '');
  return `${cases.replace(/\n\n {2}'/, "\n\nexport default {\n  '")}};\n`;
}
