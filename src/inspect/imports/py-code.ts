/**
 * Returns the code of a Python file: comments and the contents of literals are blank, and a line that ends in a backslash is joined
 * with the next one. Pure.
 */
import { viewOf } from '../asks/code-view';
import type { CodeView } from '../asks/code-view';

export interface PythonCode {
  /** As long as `view.text`, so that an index in one is an index in the other. */
  code: string;
  view: CodeView;
}

export function pythonCode(source: string): PythonCode {
  const view = viewOf(source, 'python');
  const code = view.text.replace(/[^\n]/g, (character, index: number) => (view.isText[index] ? ' ' : character));
  return { code: code.replace(/\\\n/g, '  '), view };
}
