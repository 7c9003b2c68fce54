/**
 * JUnit XML, as most runners of most languages can write it: read in pieces, whatever its size.
 */
import { parser as createParser } from 'sax';
import type { QualifiedTag, Tag } from 'sax';
import type { TestCase } from '../../ports/test-runner';

const MESSAGE_CHARS = 16_000;
/** A text that is no XML has one at every sign, and each costs the parser an exception: what follows is not read. */
const MOST_ERRORS = 1_000;
const PART_CHARS = 4_096;

export interface JunitReader {
  write(text: string): void;
  /** Null where it is no JUnit report. */
  end(): TestCase[] | null;
}

/** A suite that says of more errors than its cases do has failed where no test could say so. */
interface Suite {
  name: string;
  file: string;
  /** Failures and errors, by the suite's own count. */
  counted: number;
  told: number;
  /** What stands in the suite itself. */
  message?: string | undefined;
}
interface State {
  tests: TestCase[];
  suites: Suite[];
  test: TestCase | undefined;
  /** Text of the failure that is open. */
  message: string[] | undefined;
  isJunit: boolean;
}

export function createJunitReader(): JunitReader {
  const state: State = { tests: [], suites: [], test: undefined, message: undefined, isJunit: false };
  let errors = 0;
  const parser = createParser(true, { trim: false, position: false });
  parser.onerror = () => {
    errors += 1;
    // What stands before and behind counts; the report says itself that something is missing.
    parser.error = null as unknown as Error;
  };
  const onText = ({ message }: State, text: string): void => {
    if (message !== undefined && message.length < 1_000) message.push(text);
  };
  parser.onopentag = (tag) => openTag(state, tag);
  parser.ontext = (text) => onText(state, text);
  parser.oncdata = (text) => onText(state, text);
  parser.onclosetag = (name) => closeTag(state, name);
  return {
    write: (text) => {
      for (let at = 0; at < text.length && errors < MOST_ERRORS; at += PART_CHARS)
        parser.write(text.slice(at, at + PART_CHARS));
    },
    end() {
      parser.close();
      const { tests, suites, isJunit } = state;
      if (!isJunit) return null;
      const isBroken = errors > 0 || suites.length > 0;
      while (suites.length > 0) closeSuite(state);
      if (isBroken) tests.push({ file: '', name: '(the report is cut off)', status: 'failed' });
      return tests;
    },
  };
}

function openTag(state: State, tag: Tag | QualifiedTag): void {
  const of = readerOf(tag);
  const suite = state.suites.at(-1);
  if (tag.name === 'testsuites' || tag.name === 'testsuite') state.isJunit = true;
  if (tag.name === 'testsuite') {
    const counted = Number(of('errors') || 0) + Number(of('failures') || 0);
    state.suites.push({ name: of('name'), file: of('file') || of('filepath'), counted, told: 0 });
  } else if (tag.name === 'testcase') {
    const file = of('file') || suite?.file || '';
    const line = Number(of('line'));
    const name = nameOf(of('classname'), of('name'), file);
    state.test = { file, name, status: 'passed', ...(line > 0 && { line }) };
    state.tests.push(state.test);
  } else if (tag.name === 'failure' || tag.name === 'error') {
    if (state.test !== undefined && state.test.status !== 'failed') {
      if (suite !== undefined) suite.told += 1;
      state.test.status = 'failed';
    } else if (state.test === undefined && suite !== undefined) suite.counted = Math.max(suite.counted, suite.told + 1);
    state.message = [of('message')];
  } else if (tag.name === 'skipped' && state.test?.status === 'passed') state.test.status = 'skipped';
}

function closeTag(state: State, name: string): void {
  const { test, message, suites } = state;
  if (name === 'failure' || name === 'error') {
    const told = test ?? suites.at(-1);
    if (told !== undefined && message !== undefined) told.message ??= textOf(message);
    state.message = undefined;
  } else if (name === 'testcase') state.test = undefined;
  else if (name === 'testsuite') closeSuite(state);
}

function closeSuite({ suites, tests }: State): void {
  const suite = suites.pop();
  if (suite === undefined) return;
  const { name, file, counted, told, message } = suite;
  const missing = Math.max(0, counted - told);
  const said = message === undefined ? {} : { message };
  const title = `${name || '(suite)'} > (error outside of its tests)`;
  if (missing > 0) tests.push({ file, name: title, status: 'failed', ...said });
  // A suite around others counts theirs, too.
  const above = suites.at(-1);
  if (above !== undefined) above.told += told + missing;
}

function readerOf({ attributes }: Tag | QualifiedTag): (name: string) => string {
  return (name) => {
    const value = attributes[name];
    return typeof value === 'string' ? value : '';
  };
}

/** The class says where the test is; where that is the file already, it says nothing more. */
function nameOf(classname: string, name: string, file: string): string {
  if (classname === '' || name.startsWith(classname) || classname === file) return name;
  return `${classname} > ${name}`;
}

function textOf(parts: string[]): string {
  const [message = '', ...rest] = parts;
  const body = rest.join('').trim();
  const text = body === '' || body.includes(message) ? body || message : `${message}\n${body}`;
  return text.slice(0, MESSAGE_CHARS);
}
