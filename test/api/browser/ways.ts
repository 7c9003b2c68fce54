/**
 * The form of an attack by a page: it tries to read from the API, the Web UI or Temporal's ports, or to change a build.
 *
 * Each attack is an expression or a function body that runs in the page. It gets addresses as `at` and gives what it could read.
 */

/** Addresses that the code of a way is given. */
export interface Targets {
  /** `http://127.0.0.1:<port>` of the API, and its port. */
  api: string;
  port: number;
  /** `/api/workflows/<id>` of the build. */
  build: string;
  /** The same for the Web UI's known address. */
  ui: string;
  uiPort: number;
  grpcPort: number;
  /** Of everything else that the Temporal server listens on. */
  others: number[];
  /** Of the attacker. */
  site: string;
}

export interface Way {
  name: string;
  code: string;
  /** Nothing in the page tells when the request is over: wait until the API has logged that many. */
  arrives?: number;
}

/** Before each: what the code of ways uses. */
const HELPERS = `
  const read = async (url, init) => {
    try { const answer = await fetch(url, init); return answer.type + ' ' + answer.status + ' ' + (await answer.text()); }
    catch (error) { return String(error); }
  };
  const ended = (element, parent = document.body) => new Promise((resolve) => {
    for (const name of ['load', 'error', 'loadeddata']) element.addEventListener(name, () => resolve(name), { once: true });
    parent.append(element);
  });
  const make = (tag, members) => Object.assign(document.createElement(tag), members);
  const framed = async (url) => {
    const frame = make('iframe', { src: url });
    await ended(frame);
    try { return frame.contentDocument.documentElement.outerHTML; } catch (error) { return String(error); }
  };
  const readWindow = async (opened) => {
    for (;;) {
      // Until it is another origin's, it is an empty page of ours.
      try {
        const words = opened.document.body.innerText;
        if (opened.closed || words !== '') return words;
      } catch (error) { return String(error); }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const send = async (action, fields, more = {}) => {
    const frame = make('iframe', { name: 'answer' });
    document.body.append(frame);
    const form = make('form', { action, method: 'post', target: 'answer', ...more });
    for (const [name, value] of Object.entries(fields)) form.append(make('input', { name, value, type: 'hidden' }));
    document.body.append(form);
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
    form.submit();
    await loaded;
    try { return frame.contentDocument.documentElement.outerHTML; } catch (error) { return String(error); }
  };
  const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"reason":"by a page"}' };
  const text = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"reason":"by a page"}' };
  const start = JSON.stringify({ build_id: 'planted', user_id: 'page', requirements: 'Build me a door' });
`;

/** The code of a way as one expression. */
export function codeOf({ code }: Way, at: Targets): string {
  const body = code.includes('return ') ? code : `return ${code}`;
  return `(async (at) => { ${HELPERS}; ${body} })(${JSON.stringify(at)})`;
}
