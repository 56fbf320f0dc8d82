import { connect, type Socket } from 'node:net';

const closingBrace = '}'.charCodeAt(0);

/** What one question got. */
export interface Sample {
  readonly ms: number;
  readonly decision: string;
}

/** Many keep-alive connections to one address, with as little work for each question as possible: the machine is shared with the service. */
export class Load {
  static async open(port: number, connections: number): Promise<Load> {
    const sockets = await Promise.all(
      Array.from(
        { length: connections },
        () =>
          new Promise<Socket>((resolve, reject) => {
            const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket));
            socket.on('error', reject);
          }),
      ),
    );
    return new Load(sockets);
  }

  private constructor(private readonly sockets: readonly Socket[]) {}

  /** Asks all at the same moment. Where there are more questions than connections, a connection asks its next one when it has its answer. */
  async storm(paths: readonly string[]): Promise<Sample[]> {
    const started = performance.now();
    const chains = this.sockets.map(async (_socket, first) => {
      const samples: Sample[] = [];
      for (let i = first; i < paths.length; i += this.sockets.length)
        samples.push(await this.ask(first, paths[i] ?? '', paths.length === this.sockets.length ? started : performance.now()));
      return samples;
    });
    return (await Promise.all(chains)).flat();
  }

  /** Asks at a steady rate; the time runs from when a question was due, so that a stall of the generator or the service shows. */
  async steady(paths: readonly string[], perSecond: number, seconds: number): Promise<Sample[]> {
    const started = performance.now();
    const pending: Promise<Sample>[] = [];
    // One question at a time on a connection: two answers in a row could not be told apart.
    const earlier = (i: number): Promise<unknown> => pending[i - this.sockets.length] ?? Promise.resolve();
    for (let i = 0; i < perSecond * seconds; i += 1) {
      const due = started + (i * 1000) / perSecond;
      const wait = due - performance.now();
      if (wait > 0.5) await new Promise((resolve) => void setTimeout(resolve, wait));
      pending.push(earlier(i).then(() => this.ask(i % this.sockets.length, paths[i % paths.length] ?? '', due)));
    }
    return Promise.all(pending);
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private ask(index: number, path: string, started: number): Promise<Sample> {
    const socket = this.sockets[index];
    if (socket === undefined) throw new Error('more questions than connections');
    return new Promise((resolve, reject) => {
      // An answer is one small packet; in two, the second one ends with the brace.
      const onData = (chunk: Buffer): void => {
        if (chunk.at(-1) !== closingBrace) return;
        socket.off('data', onData).off('error', reject);
        const at = chunk.indexOf('"decision":"');
        resolve({ ms: performance.now() - started, decision: chunk.toString('latin1', at + 12, chunk.indexOf('"', at + 12)) });
      };
      socket.on('data', onData).once('error', reject);
      socket.write(`GET ${path} HTTP/1.1\r\nhost: pvc-plumber\r\n\r\n`);
    });
  }
}
