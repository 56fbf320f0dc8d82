/**
 * What the service is measured against, on the same machine in the same run: Node's own HTTP server with nothing in it. `plumber-bare.ts <endpoint> <bucket>`: each answer is a
 * constant, or, with an endpoint, costs one unsigned request for a page of keys. Logs its port as the service does.
 */
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';

const [endpoint, bucket] = process.argv.slice(2);
const answer = '{"exists":true,"keyCount":3,"decision":"restore"}';
const agent = new http.Agent({ keepAlive: true, maxSockets: 96 });

const server = http.createServer((request, response) => {
  const send = (): void => void response.writeHead(200, { 'content-length': String(answer.length) }).end(answer);
  if (endpoint === undefined) {
    send();
    return;
  }
  const prefix = (request.url ?? '').replace('/exists/', '');
  http.get(`${endpoint}/${bucket}?list-type=2&max-keys=5&prefix=${prefix}/`, { agent }, (reply) => void reply.resume().on('end', send));
});
server.listen({ port: 0, backlog: 4096 }, () => console.log(JSON.stringify({ message: 'listening', port: (server.address() as AddressInfo).port })));
