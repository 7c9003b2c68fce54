/**
 * Marks breaks of code that only assembles a program: texts, ports, arguments, exits. A change that allows only such breaks
 * needs no test of its own.
 */
import type { Unit } from '../../domain/experiments/units';

/** Words of lines that assemble a program. */
const ASSEMBLY =
  /\b(?:listen|argv|args|exit|exitCode|stdin|stdout|createRoot|require\.main|import\.meta|__name__|version|port|interval|retries|workers|threads|width|height|indent|max_length)\b|_port\b|timeout|setInterval|stringify\(/i;
const PORT = /[a-z]Port\b|^\s*PORT\b/;
/** Scripts for a database or a shell, which no test of the program runs. */
const UNTESTED_SCRIPT = /(^|\/)(?:migrations?|migrate|alembic|seeds?)\/|\.(?:sh|bash|zsh|fish|ps1|sql)$/i;

export function plainMark(
  path: string,
  { kind, edit }: Pick<Unit, 'kind' | 'edit'>,
  line: string,
): 'plain' | undefined {
  const isText = kind === 'constant' && edit.text.endsWith('_broken');
  return isText || UNTESTED_SCRIPT.test(path) || ASSEMBLY.test(line) || PORT.test(line) ? 'plain' : undefined;
}
