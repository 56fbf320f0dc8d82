import { connect, type Socket } from 'node:net';

/** A connection on which a test says exactly what it wants to. */
export class RawClient {
  static open(port: number): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1' }, () => resolve(new RawClient(socket)));
      socket.once('error', reject);
    });
  }

  /** All that came. */
  text = '';
  readonly closed: Promise<void>;
  isClosed = false;

  private constructor(private readonly socket: Socket) {
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.isClosed = true;
        resolve();
      });
    });
  }

  /** Reads what comes; before that the client takes nothing. */
  read(): this {
    this.socket.on('data', (chunk: Buffer) => (this.text += chunk.toString('latin1')));
    return this;
  }

  send(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** Sends, over and over, as fast as the other side takes it. @returns how many bytes went out until the time was over or the connection was broken */
  async flood(text: (round: number) => string, ms: number): Promise<number> {
    const until = performance.now() + ms;
    let sent = 0;
    for (let round = 0; performance.now() < until && !this.isClosed; round += 1) {
      const piece = text(round);
      sent += piece.length;
      if (!this.socket.write(piece, 'latin1'))
        await Promise.race([new Promise((resolve) => void this.socket.once('drain', resolve)), this.closed, pause(100)]);
      // The test is not the only one that wants to run.
      else await pause(0);
    }
    return sent;
  }

  /** Says that nothing more comes. */
  end(): void {
    this.socket.end();
  }

  destroy(): void {
    this.socket.destroy();
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}
