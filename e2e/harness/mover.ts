import * as net from 'node:net';
import { createInterface } from 'node:readline';

/**
 * Points in a mover's run at which a scenario can step in. The run is held at `connected` (a repository was connected or created), `listing` (before the
 * list of snapshots), `to-upload` and `to-restore` (before the first byte). At `uploading` and `restoring` the work goes on beside, and only its end waits.
 */
export type Moment = 'connected' | 'listing' | 'to-upload' | 'uploading' | 'to-restore' | 'restoring';

type At = (moment: Moment) => Promise<void>;

/**
 * Where `kopia` of every container asks whether it may go on (`e2e/container/kopia`), whatever script calls it: that of the e2e run, one that is
 * wrapped in another, or one that a person brought.
 */
export class MoverHooks {
  private server: net.Server | undefined;
  private port = 0;
  private readonly movers = new Map<string, At>();
  private count = 0;

  async open(): Promise<void> {
    const server = net.createServer((socket) => {
      socket.on('error', () => undefined);
      const lines = createInterface({ input: socket }).on('error', () => undefined);
      lines.on('line', (line) => {
        const [id = '', moment] = line.split(' ');
        const at = this.movers.get(id) ?? (() => Promise.resolve());
        void at(moment as Moment)
          .catch(() => undefined)
          .then(() => socket.end('go\n'));
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    this.server = server;
    this.port = (server.address() as net.AddressInfo).port;
  }

  /** Lets a mover's `kopia` ask. @returns what it is known by inside of its container, and the end of that */
  let(at: At): { readonly address: string; readonly close: () => void } {
    this.count += 1;
    const id = String(this.count);
    this.movers.set(id, at);
    return { address: `${this.port} ${id}`, close: () => void this.movers.delete(id) };
  }

  close(): void {
    this.server?.close();
  }
}
