import * as net from 'node:net';
import { Connection, type Handler } from './connection';

/** Time between two looks at what takes too long, in milliseconds. */
const sweepMs = 1000;

/**
 * HTTP for many clients, in bounded memory. Written for this service, because Node's own server reads ahead as fast as a client sends: one that sends requests and takes no
 * answers fills the heap in a second, whatever is set.
 */
export class Listener {
  private readonly server: net.Server;
  private readonly connections = new Map<string, Set<Connection>>();
  private count = 0;
  private draining = false;
  private closing = false;
  private readonly outbox: (() => void)[] = [];
  private timer: NodeJS.Timeout | undefined;

  /** @param limit most connections at once */
  constructor(
    handle: Handler,
    private readonly limit: number,
  ) {
    const options = { handle, post: (send: () => void) => this.post(send), draining: () => this.draining };
    // Half-open: a client may end its side when it has asked.
    this.server = net.createServer({ allowHalfOpen: true }, (socket) => this.accept(socket, new Connection(socket, options)));
  }

  /** @returns the port it listens on @throws when the port is taken */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      // The default backlog (511) turns connections of a burst away for a second.
      this.server.listen({ port, backlog: 4096 }, () => {
        const address = this.server.address();
        this.timer = setInterval(() => this.sweep(), sweepMs).unref();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  /** From now on each connection ends with its next answer. */
  drain(): void {
    this.draining = true;
  }

  /** Resolves when the last answer is out. @param patienceMs then connections are broken, in milliseconds */
  close(patienceMs: number): Promise<void> {
    this.draining = this.closing = true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.each((connection) => connection.break()), patienceMs);
      this.server.close(() => {
        clearTimeout(timer);
        clearInterval(this.timer);
        resolve();
      });
      this.each((connection) => {
        if (connection.idle) connection.break();
      });
    });
  }

  private accept(socket: net.Socket, connection: Connection): void {
    if (this.count >= this.limit) this.makeRoom();
    const { client } = connection;
    const all = this.connections.get(client) ?? new Set();
    this.connections.set(client, all.add(connection));
    this.count += 1;
    socket.on('error', () => undefined);
    socket.on('close', () => this.forget(connection));
    if (this.closing) connection.break();
  }

  /** Who has most connections loses the one that is worth least, and was quiet for longest: the new one may be the question that matters. */
  private makeRoom(): void {
    let most: ReadonlySet<Connection> = new Set();
    for (const all of this.connections.values()) if (all.size > most.size) most = all;
    let quietest: Connection | undefined;
    for (const each of most) {
      if (quietest === undefined || each.worth < quietest.worth || (each.worth === quietest.worth && each.active < quietest.active)) quietest = each;
    }
    if (quietest === undefined) return;
    this.forget(quietest);
    quietest.break();
  }

  private forget(connection: Connection): void {
    const all = this.connections.get(connection.client);
    if (all?.delete(connection) !== true) return;
    this.count -= 1;
    if (all.size === 0) this.connections.delete(connection.client);
  }

  private sweep(): void {
    const now = performance.now();
    this.each((connection) => connection.sweep(now));
  }

  private each(act: (connection: Connection) => void): void {
    for (const all of this.connections.values()) for (const connection of all) act(connection);
  }

  /**
   * Responses of one turn of the event loop are flushed together: waking the client for each response costs as much as computing it.
   */
  private post(send: () => void): void {
    if (this.outbox.length === 0) setImmediate(() => this.outbox.splice(0).forEach((each) => each()));
    this.outbox.push(send);
  }
}
