/**
 * The form of an attack by a page: it tries to read from the API, the Web UI or Temporal's ports, or to change a build.
 *
 * Each attack is an expression or a function body that runs in the page. It gets addresses as `targets` and returns what it could read.
 */

/** The addresses that the code of an attack gets. */
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
  /** The other ports on which the Temporal server listens. */
  otherPorts: number[];
  /** The origin of the attacker's server. */
  site: string;
}

export interface Attack {
  name: string;
  code: string;
  /** If the page cannot tell when its request is over: the number of requests for which the test waits in the API's log. */
  loggedRequests?: number;
}

/** Functions that the code of attacks uses. */
const HELPERS = `
  const read = async (url, init) => {
    try { const answer = await fetch(url, init); return answer.type + ' ' + answer.status + ' ' + (await answer.text()); }
    catch (error) { return String(error); }
  };
  const waitForLoad = (element, parent = document.body) => new Promise((resolve) => {
    for (const name of ['load', 'error', 'loadeddata']) element.addEventListener(name, () => resolve(name), { once: true });
    parent.append(element);
  });
  const make = (tag, members) => Object.assign(document.createElement(tag), members);
  const readFrame = async (url) => {
    const frame = make('iframe', { src: url });
    await waitForLoad(frame);
    try { return frame.contentDocument.documentElement.outerHTML; } catch (error) { return String(error); }
  };
  const readWindow = async (opened) => {
    for (;;) {
      // Before the window shows the other origin, it has an empty page of this origin.
      try {
        const words = opened.document.body.innerText;
        if (opened.closed || words !== '') return words;
      } catch (error) { return String(error); }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const submitForm = async (action, fields, more = {}) => {
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

/** The code of an attack as one expression. */
export function codeOf({ code }: Attack, targets: Targets): string {
  const body = code.includes('return ') ? code : `return ${code}`;
  return `(async (targets) => { ${HELPERS}; ${body} })(${JSON.stringify(targets)})`;
}
