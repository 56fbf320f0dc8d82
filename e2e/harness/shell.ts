import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { kopiaIdentity, storePrefix } from '../../lib/model/naming';
import { type Contents, read } from './data';
import { sandboxFile } from './sandbox';
import type { TestContext } from './test-context';
import { tool } from './tools';

/** A person's terminal with the stock `kopia`, the keys of the store and the password, and no cluster. */
export class Shell {
  /** One that is connected to the repository of a PVC. @param prefix its path in the bucket. @default - where the tree puts it */
  static async at(context: TestContext, namespace: string, name: string, prefix = storePrefix({ namespace, name })): Promise<Shell> {
    const shell = new Shell(context, namespace, name);
    const { store } = context;
    await shell.run(
      'kopia',
      'repository',
      'connect',
      's3',
      `--bucket=${store.bucket}`,
      `--endpoint=${new URL(store.endpoint).host}`,
      '--disable-tls',
      `--prefix=${prefix}/`,
    );
    return shell;
  }

  /** Kopia's name of the PVC's backups. */
  readonly source: string;
  private readonly folder: string;
  private readonly env: Record<string, string>;

  private constructor({ store }: TestContext, namespace: string, name: string) {
    const { username, hostname } = kopiaIdentity({ namespace, name });
    this.source = `${username}@${hostname}:/data`;
    this.folder = sandboxFile(`shell/${namespace}-${name}`);
    mkdirSync(join(this.folder, 'data'), { recursive: true });
    this.env = {
      PATH: `${dirname(tool('kopia'))}${delimiter}${process.env['PATH']}`,
      HOME: this.folder,
      KOPIA_CHECK_FOR_UPDATES: 'false',
      KOPIA_PASSWORD: store.kopiaPassword,
      AWS_ACCESS_KEY_ID: store.accessKeyId,
      AWS_SECRET_ACCESS_KEY: store.secretAccessKey,
      ENDPOINT: new URL(store.endpoint).host,
      BUCKET: store.bucket,
      NAMESPACE: namespace,
      PVC: name,
    };
  }

  /** Not one that waits: the connection to the store runs through this process. */
  async run(program: string, ...args: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(program, args, { cwd: this.folder, env: this.env, encoding: 'utf8', maxBuffer: 1 << 28 });
    return stdout;
  }

  script(text: string): Promise<string> {
    return this.run('sh', '-euc', text);
  }

  /** Puts other random bytes into `data`. */
  fill(bytes: number): void {
    writeFileSync(join(this.folder, 'data', 'file'), randomBytes(bytes));
  }

  read(name: string): Contents {
    return read(join(this.folder, name));
  }
}
