/** A dashboard's listener over a recording backend, and a browser that needs no window. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Surroundings } from '../../../src/dashboard/link/surroundings.ts';
import { type Backend, Dashboard, type PartsFeed } from '../../../src/local-api/index.ts';
import { createLogger } from '../../../src/platform/logger.ts';
import type { DashboardResponse } from '../../../src/protocol/dashboard.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { recordingBackend } from '../../support/recording-backend.ts';
import { tempDir } from '../../support/tmp-dir.ts';

/** Says one part, and then what the test says. */
class SteeredParts implements PartsFeed {
  readonly followers = new Set<Parameters<PartsFeed['follow']>[0]>();
  nudges = 0;

  follow(changed: Parameters<PartsFeed['follow']>[0]): { stop(): void } {
    this.followers.add(changed);
    queueMicrotask(() => changed('sessions', '{"sessions":[]}'));
    return { stop: () => this.followers.delete(changed) };
  }

  nudge(): void {
    this.nudges++;
  }

  say(project: string): void {
    for (const changed of this.followers) changed('sessions', JSON.stringify({ sessions: [{ project }] }));
  }
}

export interface RunningDashboard {
  dashboard: Dashboard;
  parts: SteeredParts;
  clock: ManualClock;
  log: string[];
  keptAt: string;
  /** Ends this one and starts another on the same state. */
  restart(): Promise<RunningDashboard>;
}

export async function startDashboard(
  backend: Backend = recordingBackend(),
  { folder = tempDir(), clock = new ManualClock(), requestMs = 30_000 } = {},
): Promise<RunningDashboard> {
  const files = path.join(folder, 'page');
  fs.mkdirSync(files, { recursive: true });
  for (const name of ['index.html', 'app.js', 'style.css', 'icon.svg'])
    fs.writeFileSync(path.join(files, name), `of ${name}`);
  const log: string[] = [];
  const parts = new SteeredParts();
  const keptAt = path.join(folder, 'dashboard.json');
  const dashboard = new Dashboard({
    backend,
    parts,
    logger: createLogger({ level: 'debug', clock, stream: { write: (line) => log.push(line) } }),
    clock,
    random: (bytes) => randomBytes(bytes),
    version: '9.9.9',
    files: pathToFileURL(`${files}/`),
    keptAt,
    requestMs,
  });
  await dashboard.start();
  onTestFinished(() => dashboard.stop());
  const restart = async (): Promise<RunningDashboard> => {
    await dashboard.stop();
    return startDashboard(backend, { folder, clock });
  };
  return { dashboard, parts, clock, log, keptAt, restart };
}

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** One request as it is: no header but those that are named. */
export function request(
  port: number,
  method: string,
  where: string,
  { headers = {}, body = '' }: { headers?: http.OutgoingHttpHeaders; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = http.request({ host: '127.0.0.1', port, method, path: where, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0, headers: answered } = response;
        resolve({ status: statusCode, headers: answered, body: Buffer.concat(chunks).toString() });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

export function codeOf({ url }: DashboardResponse): string {
  return new URL(url).hash.replace('#code=', '');
}

/** What a browser adds to a request of the page itself. */
export function ownHeaders(port: number, method: string): Record<string, string> {
  const post = { origin: `http://127.0.0.1:${port}`, 'content-type': 'application/json' };
  return { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', ...(method === 'POST' ? post : {}) };
}

/** Cookies by name, as a browser keeps them for one host: on every port. */
export type Jar = Map<string, string>;

export interface Tab extends Surroundings {
  /** Every request: method, path, headers, body. */
  sent: { method: string; path: string; headers: Record<string, string>; body: string }[];
  storage: Storage;
  show(visible: boolean): void;
}

/** A tab of a browser at an address. Waiting between tries is short. */
export function openTab(url: string, jar: Jar = new Map(), storage: Storage = memoryStorage()): Tab {
  const at = new URL(url);
  const location = { port: at.port, hash: at.hash };
  const sent: Tab['sent'] = [];
  let hidden = false;
  let onChange = (): void => {};
  return {
    sent,
    storage,
    location,
    forgetFragment: () => {
      location.hash = '';
    },
    random: (bytes) => Uint8Array.from(randomBytes(bytes)),
    now: () => Date.now(),
    wait: () => new Promise((resolve) => setTimeout(resolve, 5)),
    isHidden: () => hidden,
    onVisibility: (changed) => {
      onChange = changed;
    },
    show(visible) {
      hidden = !visible;
      onChange();
    },
    async fetch(where, init) {
      const method = init.method ?? 'GET';
      const headers: Record<string, string> = { ...ownHeaders(Number(at.port), method) };
      new Headers(init.headers).forEach((value, name) => {
        headers[name] = value;
      });
      const cookies = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      if (init.credentials !== 'omit' && cookies !== '') headers['cookie'] = cookies;
      sent.push({ method, path: where, headers, body: typeof init.body === 'string' ? init.body : '' });
      const response = await fetch(`${at.origin}${where}`, { ...init, headers });
      for (const cookie of init.credentials === 'omit' ? [] : response.headers.getSetCookie()) {
        const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=');
        jar.set(name, value);
      }
      return response;
    },
  };
}

function memoryStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
}
