/** Somebody else's web page on another port of this machine: what a browser may have open beside the dashboard. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export class HostileServer {
  readonly origin: string;
  /** What came here, as `GET /path`, and with which headers. */
  readonly seen: { line: string; headers: http.IncomingHttpHeaders }[] = [];
  readonly #server: http.Server;

  private constructor(server: http.Server) {
    this.#server = server;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
      this.seen.push({ line: `${request.method} ${request.url}`, headers: request.headers });
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'access-control-allow-origin': '*' });
      response.end('<!doctype html><title>hostile</title><p>hostile</p>');
    });
  }

  /** @param port 0: any that is free */
  static async start(port = 0): Promise<HostileServer> {
    const server = http.createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new HostileServer(server);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
