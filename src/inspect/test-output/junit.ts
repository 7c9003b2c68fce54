/**
 * JUnit XML, as most runners of most languages can write it.
 */
import type { TestCase } from '../../ports/test-runner';

export function parseJunit(text: string): TestCase[] {
  const cases = text.matchAll(/<testcase\b((?:[^>"']|"[^"]*"|'[^']*')*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g);
  return [...cases].map(([, attributes = '', body = '']) => {
    const of = (name: string): string =>
      decode(new RegExp(`\\b${name}=(?:"([^"]*)"|'([^']*)')`).exec(attributes)?.slice(1).find(Boolean) ?? '');
    const bare = body.replace(/<!\[CDATA\[[\s\S]*?\]\]>|<system-(out|err)>[\s\S]*?<\/system-\1>/g, '');
    const status = /<(failure|error)\b/.test(bare) ? 'failed' : /<skipped\b/.test(bare) ? 'skipped' : 'passed';
    return { file: of('file') || of('classname'), name: of('name'), status };
  });
}

function decode(text: string): string {
  const named: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(\w+);/g, (whole, name: string) => named[name] ?? whole);
}
