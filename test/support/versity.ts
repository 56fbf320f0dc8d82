import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { AwsClient } from 'aws4fetch';
import { tool } from '../../e2e/harness/tools';
import { scratchFolder } from './scratch';

/** The programs of the e2e run that these tests need, where they are built. */
export function builtTools(): { readonly versitygw: string; readonly kopia: string } | undefined {
  try {
    return { versitygw: tool('versitygw'), kopia: tool('kopia') };
  } catch {
    return undefined;
  }
}

/** A real S3 server with users and policies. */
export class Versity {
  static readonly bucket = 'volsync-backup';

  static async start(program: string, users: readonly string[]): Promise<Versity> {
    const port = await freePort();
    const folder = scratchFolder();
    const [data, iam] = [join(folder, 'data'), join(folder, 'iam')];
    for (const each of [data, iam]) mkdirSync(each);
    const child = spawn(program, ['--port', `127.0.0.1:${port}`, '--region', 'us-east-1', '--quiet', '--iam-dir', iam, 'posix', data], {
      env: { ROOT_ACCESS_KEY: 'root', ROOT_SECRET_KEY: secretOf('root') },
      stdio: 'ignore',
    });
    const server = new Versity(child, `http://127.0.0.1:${port}`, data);
    for (let tries = 0; ; tries += 1) {
      const status = await server.ask('root', 'PUT', '').catch(() => 0);
      if (status === 200) break;
      if (tries > 200) throw new Error('the Versity gateway does not answer');
      await new Promise((resolve) => void setTimeout(resolve, 50));
    }
    for (const user of users) {
      const args = [
        'admin',
        '-a',
        'root',
        '-s',
        secretOf('root'),
        '--er',
        server.endpoint,
        'create-user',
        '-a',
        user,
        '-s',
        secretOf(user),
        '-r',
        'user',
      ];
      const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
      if (status !== 0) throw new Error(`no user ${user}: ${stderr}`);
    }
    return server;
  }

  private constructor(
    private readonly child: ChildProcess,
    readonly endpoint: string,
    private readonly data: string,
  ) {}

  /** @param path below the bucket, with its query @returns the status */
  async ask(user: string, method: string, path: string, body?: string): Promise<number> {
    const client = new AwsClient({ accessKeyId: user, secretAccessKey: secretOf(user), service: 's3', region: 'us-east-1', retries: 0 });
    const reply = await client.fetch(`${this.endpoint}/${Versity.bucket}${path}`, { method, ...(body === undefined ? {} : { body }) });
    await reply.arrayBuffer();
    return reply.status;
  }

  /** Deletes what begins so. @returns how many objects */
  async deleteAll(prefix: string): Promise<number> {
    const names = readdirSync(join(this.data, Versity.bucket, dirname(prefix))).filter((name) => name.startsWith(basename(prefix)));
    for (const name of names) await this.ask('root', 'DELETE', `/${dirname(prefix)}/${name}`);
    return names.length;
  }

  stop(): Promise<unknown> {
    const closed = new Promise((resolve) => void this.child.once('close', resolve));
    this.child.kill('SIGKILL');
    return closed;
  }
}

export function secretOf(user: string): string {
  return `secret-of-${user}`;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
