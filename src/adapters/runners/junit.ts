/**
 * Reads JUnit XML, which most runners can write, in parts, so that its size does not matter.
 */
import { parser as createParser } from 'sax';
import type { QualifiedTag, Tag } from 'sax';
import type { TestCase } from '../../ports/test-runner';

const MAX_MESSAGE_CHARS = 16_000;
/** After so many errors the rest is not read: in a text that is not XML every character is an error, which is slow. */
const MAX_ERRORS = 1_000;
const CHUNK_CHARS = 4_096;

export interface JunitReader {
  write(text: string): void;
  /** Returns the tests; null if the text is not a JUnit report. */
  end(): TestCase[] | null;
}

/** An open `<testsuite>`. If it counts more failures than its test cases have, something outside of the tests failed. */
interface Suite {
  name: string;
  file: string;
  /** The number of failures and errors in the suite's own attributes. */
  declaredFailures: number;
  /** The number of failures that were read from its test cases. */
  readFailures: number;
  /** The text of a failure that belongs to the suite itself. */
  message?: string | undefined;
}
interface State {
  tests: TestCase[];
  suites: Suite[];
  test: TestCase | undefined;
  /** The parts of the text of the current failure. */
  message: string[] | undefined;
  isJunit: boolean;
}

export function createJunitReader(): JunitReader {
  const state: State = { tests: [], suites: [], test: undefined, message: undefined, isJunit: false };
  let errors = 0;
  const parser = createParser(true, { trim: false, position: false });
  parser.onerror = () => {
    errors += 1;
    // Results before and after the error count; `end` adds a failed test for the broken report.
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
      for (let start = 0; start < text.length && errors < MAX_ERRORS; start += CHUNK_CHARS)
        parser.write(text.slice(start, start + CHUNK_CHARS));
    },
    end() {
      parser.close();
      const { tests, suites, isJunit } = state;
      if (!isJunit) return null;
      const isBroken = errors > 0 || suites.length > 0;
      while (suites.length > 0) closeSuite(state);
      if (isBroken) tests.push({ file: '', name: '(the report is incomplete)', status: 'failed' });
      return tests;
    },
  };
}

function openTag(state: State, tag: Tag | QualifiedTag): void {
  const attribute = attributeReader(tag);
  const suite = state.suites.at(-1);
  if (tag.name === 'testsuites' || tag.name === 'testsuite') state.isJunit = true;
  if (tag.name === 'testsuite') {
    const declaredFailures = Number(attribute('errors') || 0) + Number(attribute('failures') || 0);
    state.suites.push({
      name: attribute('name'),
      file: attribute('file') || attribute('filepath'),
      declaredFailures,
      readFailures: 0,
    });
  } else if (tag.name === 'testcase') {
    const file = attribute('file') || suite?.file || '';
    const line = Number(attribute('line'));
    const name = nameOf(attribute('classname'), attribute('name'), file);
    state.test = { file, name, status: 'passed', ...(line > 0 && { line }) };
    state.tests.push(state.test);
  } else if (tag.name === 'failure' || tag.name === 'error') {
    if (state.test !== undefined && state.test.status !== 'failed') {
      if (suite !== undefined) suite.readFailures += 1;
      state.test.status = 'failed';
    } else if (state.test === undefined && suite !== undefined)
      suite.declaredFailures = Math.max(suite.declaredFailures, suite.readFailures + 1);
    state.message = [attribute('message')];
  } else if (tag.name === 'skipped' && state.test?.status === 'passed') state.test.status = 'skipped';
}

function closeTag(state: State, name: string): void {
  const { test, message, suites } = state;
  if (name === 'failure' || name === 'error') {
    const failed = test ?? suites.at(-1);
    if (failed !== undefined && message !== undefined) failed.message ??= joinMessage(message);
    state.message = undefined;
  } else if (name === 'testcase') state.test = undefined;
  else if (name === 'testsuite') closeSuite(state);
}

function closeSuite({ suites, tests }: State): void {
  const suite = suites.pop();
  if (suite === undefined) return;
  const { name, file, declaredFailures, readFailures, message } = suite;
  const failuresOutside = Math.max(0, declaredFailures - readFailures);
  const messageField = message === undefined ? {} : { message };
  const title = `${name || '(suite)'} > (error outside of its tests)`;
  if (failuresOutside > 0) tests.push({ file, name: title, status: 'failed', ...messageField });
  // A suite's count includes the suites inside it.
  const parent = suites.at(-1);
  if (parent !== undefined) parent.readFailures += readFailures + failuresOutside;
}

function attributeReader({ attributes }: Tag | QualifiedTag): (name: string) => string {
  return (name) => {
    const value = attributes[name];
    return typeof value === 'string' ? value : '';
  };
}

/** Puts the class before the test's name, unless the class only repeats the name or the file. */
function nameOf(classname: string, name: string, file: string): string {
  if (classname === '' || name.startsWith(classname) || classname === file) return name;
  return `${classname} > ${name}`;
}

function joinMessage(parts: string[]): string {
  const [message = '', ...bodyParts] = parts;
  const body = bodyParts.join('').trim();
  const text = body === '' || body.includes(message) ? body || message : `${message}\n${body}`;
  return text.slice(0, MAX_MESSAGE_CHARS);
}
