/**
 * What a request to the dashboard's listener must look like before anything is done for it. A web page of another origin
 * can make a browser send requests here, and can make its own name resolve to this machine (DNS rebinding).
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { TeammateSyncError } from '../../errors.ts';

/** With the status of its own kind. */
export class Refusal extends TeammateSyncError {
  readonly answeredWith: number;

  constructor(answeredWith: number, message: string) {
    super('PAGE_REFUSED', message);
    this.answeredWith = answeredWith;
  }
}

/** The one way that this listener is called. */
export function hostOf(port: number): string {
  return `127.0.0.1:${port}`;
}

/**
 * Host, method and where it comes from.
 * @throws Refusal 421, 405 or 403
 */
export function checkOrigin({ headers, method = '' }: IncomingMessage, port: number, isFile: boolean): void {
  if (headers.host !== hostOf(port)) throw new Refusal(421, 'this is not an address of the dashboard');
  // HEAD, too: nothing of ours sends it. OPTIONS: no other origin may send anything.
  if (method !== 'GET' && method !== 'POST') throw new Refusal(405, `${method} is not taken`);
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  const own = `http://${hostOf(port)}`;
  // A browser leaves it away at GETs of its own page, and at those only.
  if (origin === undefined ? method !== 'GET' : origin !== own)
    throw new Refusal(403, 'this comes from another origin');
  // What no other page made: the page itself, or an address that was typed or opened by a program.
  const fine = site === undefined || site === 'same-origin' || (isFile && (site === 'none' || isVisit(headers)));
  if (!fine) throw new Refusal(403, 'this comes from another page');
}

/** A link elsewhere leads here: that shows the page, which holds nothing yet. Not in a frame. */
function isVisit(headers: IncomingHttpHeaders): boolean {
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

/** A form of another page cannot send this type. @throws Refusal 415 */
export function checkContentType({ headers, method }: IncomingMessage): void {
  if (method === 'POST' && headers['content-type'] !== 'application/json') {
    throw new Refusal(415, 'only application/json is taken');
  }
}
