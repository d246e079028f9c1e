/**
 * What a hostile page tries against the dashboard from another origin, as source that runs in that page: each gives what it
 * got, in words. The dashboard's cookie is in the browser, and to a browser another port of 127.0.0.1 is the same site, so
 * the cookie goes along wherever credentials do.
 */

/** Ends every share, whoever asks. */
const UNSHARE = JSON.stringify({ session: null, cwd: '/', from: [], all: true });

/** @param at origin of the dashboard @returns an expression for page.evaluate, whose value is text */
export type Attack = (at: string) => string;

const within = (work: string): string =>
  `Promise.race([(async () => { ${work} })().catch((error) => 'refused: ' + error), new Promise((r) => setTimeout(r, 5000, 'nothing'))])`;

const fetched = (path: string, init: Record<string, unknown>): Attack => {
  return (at) =>
    within(`const response = await fetch(${JSON.stringify(at + path)}, ${JSON.stringify(init)});
            return response.type === 'opaque' ? 'opaque' : 'READ: ' + (await response.text());`);
};

const json = { 'content-type': 'application/json' };
const plain = { 'content-type': 'text/plain' };

/** Loads something as what it is not. Whether it comes is told by events. */
const loaded = (element: string, attribute: string, path: string): Attack => {
  return (at) =>
    within(`const made = document.createElement('${element}');
            made.${attribute} = ${JSON.stringify(at + path)};
            const came = new Promise((resolve) => { made.onload = () => resolve('LOADED'); made.onerror = () => resolve('refused'); });
            document.body.append(made);
            return came;`);
};

export const ATTACKS: Readonly<Record<string, Attack>> = {
  'reads with the cookie': fetched('/v1/status', { credentials: 'include' }),
  'reads without the cookie': fetched('/v1/status', { credentials: 'omit' }),
  'reads with a header of the page': fetched('/v1/status', {
    credentials: 'include',
    headers: { 'teammate-sync-dashboard': 'guessed' },
  }),
  'reads without CORS': fetched('/v1/status', { mode: 'no-cors', credentials: 'include' }),
  'reads the stream': fetched('/v1/events', { credentials: 'include' }),
  'reads the page': fetched('/', { credentials: 'include' }),
  'acts with JSON': fetched('/v1/unshare', { method: 'POST', credentials: 'include', headers: json, body: UNSHARE }),
  'acts with plain text': fetched('/v1/unshare', {
    method: 'POST',
    mode: 'no-cors',
    credentials: 'include',
    headers: plain,
    body: UNSHARE,
  }),
  'opens a session with a guess': fetched('/session', {
    method: 'POST',
    credentials: 'include',
    headers: json,
    body: JSON.stringify({ code: 'A'.repeat(43) }),
  }),
  'asks for a key with the cookie': fetched('/session/key', {
    method: 'POST',
    credentials: 'include',
    headers: json,
    body: '{}',
  }),
  'acts with a beacon': (at) =>
    within(`navigator.sendBeacon(${JSON.stringify(`${at}/v1/unshare`)}, ${JSON.stringify(UNSHARE)}); return 'sent';`),
  'acts with a form': (at) =>
    within(`const frame = document.createElement('iframe');
            frame.name = 'target';
            document.body.append(frame);
            const form = document.createElement('form');
            Object.assign(form, { method: 'post', action: ${JSON.stringify(`${at}/v1/unshare`)}, enctype: 'text/plain', target: 'target' });
            const field = document.createElement('input');
            const body = ${JSON.stringify(UNSHARE)};
            Object.assign(field, { name: body.slice(0, -1) + ',"x":"', value: '"}' });
            form.append(field);
            document.body.append(form);
            const came = new Promise((resolve) => frame.addEventListener('load', () => resolve('sent'), { once: true }));
            form.submit();
            await came;
            return frame.contentDocument === null ? 'sent' : 'READ: ' + frame.contentDocument.body.textContent;`),
  'embeds an answer as a script': loaded('script', 'src', '/v1/status'),
  "embeds the page's script": loaded('script', 'src', '/app.js'),
  'embeds the icon': loaded('img', 'src', '/icon.svg'),
  'listens to events': (at) =>
    within(`const source = new EventSource(${JSON.stringify(`${at}/v1/events`)}, { withCredentials: true });
            return new Promise((resolve) => {
              source.onmessage = source.onopen = (event) => resolve('READ: ' + event.data);
              source.addEventListener('part', (event) => resolve('READ: ' + event.data));
              source.onerror = () => { source.close(); resolve('refused'); };
            });`),
  'opens a socket': (at) =>
    within(`const socket = new WebSocket(${JSON.stringify(`${at.replace('http', 'ws')}/v1/events`)});
            return new Promise((resolve) => {
              socket.onopen = () => resolve('READ: open');
              socket.onerror = () => resolve('refused');
            });`),
};

/** As a page that has become the dashboard's own origin by its name: DNS rebinding. */
export const REBOUND_ATTACKS: Readonly<Record<string, Attack>> = {
  reads: () =>
    within(`const response = await fetch('/v1/status'); return response.status + ' ' + (await response.text());`),
  acts: () =>
    within(`const init = { method: 'POST', headers: ${JSON.stringify(json)}, body: ${JSON.stringify(UNSHARE)} };
            const response = await fetch('/v1/unshare', init);
            return response.status + ' ' + (await response.text());`),
  'opens a session': () =>
    within(`const init = { method: 'POST', headers: ${JSON.stringify(json)}, body: '{"code":"${'A'.repeat(43)}"}' };
            const response = await fetch('/session', init);
            return response.status + ' ' + (await response.text());`),
  'reads the page': () =>
    within(`const response = await fetch('/'); return response.status + ' ' + (await response.text());`),
};
