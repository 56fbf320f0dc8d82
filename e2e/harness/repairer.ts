import { repairer } from '../../lib/model/naming';
import { type ControlPlane, apiAddress } from './control-plane';
import { Daemon } from './daemon';
import { sandboxFile } from './sandbox';
import { folderObjects } from './tree';

/** The process of the tree that asks Kyverno for what a PVC lacks, with the environment of its Deployment and the token of its ServiceAccount. */
export class Repairer {
  private daemon: Daemon | undefined;

  constructor(private readonly plane: ControlPlane) {}

  async start(): Promise<void> {
    const objects = folderObjects('infrastructure/controllers/pvc-plumber');
    const program = objects.find(({ kind }) => kind === 'ConfigMap')?.['data']['pvc-plumber.js'] as string | undefined;
    const deployment = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === repairer.name);
    // An older tree, which a storm is played on for comparison, has none.
    if (program === undefined || deployment === undefined) return;
    const [container] = deployment['spec'].template.spec.containers as [Container];
    const words = container.command.slice(container.command.findIndex((part) => part.endsWith('.js')) + 1);
    sandboxFile('repairer/token', await this.plane.tokenOf(repairer.namespace, repairer.name));
    const account = sandboxFile('repairer/ca.crt', this.plane.ca).replace(/\/ca\.crt$/, '');
    this.daemon = new Daemon(repairer.name, process.execPath, [sandboxFile('repairer/pvc-plumber.js', program), ...words], {
      ...Object.fromEntries(container.env.map(({ name, value }) => [name, value])),
      KUBERNETES_SERVICE_HOST: apiAddress.host,
      KUBERNETES_SERVICE_PORT: String(apiAddress.port),
      SERVICE_ACCOUNT_DIR: account,
    });
    this.daemon.start();
  }

  /** What it said until now. */
  get log(): string {
    return this.daemon?.log ?? '';
  }

  async stop(): Promise<void> {
    await this.daemon?.stop('SIGKILL');
  }
}

interface Container {
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
}
