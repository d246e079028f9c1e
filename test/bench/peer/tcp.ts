/** The plainest floor: bytes over TCP on loopback. */
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import { pipeline } from 'node:stream/promises';
import { now } from '../now.ts';
import { within } from '../wait.ts';
import { spaced } from './spaced.ts';

const CONNECT_MS = 5000;

/** Listens; returns the port. */
async function listen(onConnection: (socket: net.Socket) => void): Promise<number> {
  const server = net.createServer((socket) => {
    socket.on('error', () => socket.destroy());
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await within(once(server, 'listening'), CONNECT_MS, 'a port to listen at');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port to listen at');
  return address.port;
}

/** Tells of each line that comes. */
export function listenForLines(onLine: (line: string) => void): Promise<number> {
  return listen((socket) => {
    let begun = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = (begun + text).split('\n');
      begun = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    });
  });
}

/** What came on one connection, and when it was over, as {@link now}. */
export interface Received {
  bytes: number;
  at: number;
}

/** Counts what comes, and tells at the end of each connection. */
export function listenForBytes(onEnd: (received: Received) => void): Promise<number> {
  return listen((socket) => {
    let bytes = 0;
    socket.on('data', (chunk: Buffer) => (bytes += chunk.length)).on('end', () => onEnd({ bytes, at: now() }));
  });
}

async function connect(port: number): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1').setNoDelay();
  await within(once(socket, 'connect'), CONNECT_MS, 'a connection');
  return socket;
}

/** Over a connection that stands already. */
export async function sendLines(port: number, lines: string[], spacingMs: number): Promise<number[]> {
  const socket = await connect(port);
  try {
    return await spaced(lines, spacingMs, (line) => socket.write(`${line}\n`));
  } finally {
    socket.end();
  }
}

/** The first bytes of a file; returns when it began, with the connection up. */
export async function sendFile(port: number, file: string, bytes: number): Promise<number> {
  const socket = await connect(port);
  const began = now();
  await pipeline(fs.createReadStream(file, { end: bytes - 1, highWaterMark: 1 << 16 }), socket);
  return began;
}
