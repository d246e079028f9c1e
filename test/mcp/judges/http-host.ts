/** The server's methods over HTTP on loopback, for judges that know nothing else. The product speaks over stdio only. */
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpServer } from '../../../src/mcp/server.ts';
import type { Surroundings } from '../../../src/mcp/surroundings.ts';

export interface HttpHost {
  url: string;
  close(): Promise<void>;
}

export async function httpHost(surroundings: Surroundings): Promise<HttpHost> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const transportOf = async (id: string | undefined): Promise<StreamableHTTPServerTransport | null> => {
    if (id !== undefined) return sessions.get(id) ?? null;
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (session) => void sessions.set(session, transport),
      onsessionclosed: (session) => void sessions.delete(session),
    });
    await createMcpServer(surroundings).connect(transport);
    return transport;
  };
  const server = http.createServer((request, response) => {
    const id = request.headers['mcp-session-id'];
    void transportOf(typeof id === 'string' ? id : undefined).then((transport) => {
      if (transport) return transport.handleRequest(request, response);
      response.writeHead(404).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    async close() {
      for (const transport of sessions.values()) await transport.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
