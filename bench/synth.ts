import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const repository = join(__dirname, '..');
const runner = 'node --import tsx main.ts';

interface Command {
  readonly name: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly out: string;
}

/**
 * Time of synth against named baselines, measured in turn in one run: an empty cdk8s app with the same runner, and the same tree with a tenth
 * of the apps. The medians go by ratios; the seconds belong to this machine.
 *
 * @param args number of rounds, default 9
 */
export async function benchSynth(args: readonly string[]): Promise<void> {
  const rounds = Number(args[0] ?? 9);
  mkdirSync(join(repository, '.cache'), { recursive: true });
  const root = mkdtempSync(join(repository, '.cache', 'bench-'));
  try {
    const empty = project(root, 'empty', `import { App, Chart } from 'cdk8s';\nconst app = new App();\nnew Chart(app, 'empty');\napp.synth();\n`);
    const tree = project(root, 'homelab', manyApps(0));
    const [few, many] = [100, 1000].map((count) => project(root, `apps-${count}`, manyApps(count)));
    const cli = ['node', join(repository, 'node_modules/cdk8s-cli/bin/cdk8s'), 'synth'];
    const seconds = measure(
      [
        { name: 'cdk8s synth, empty app', argv: cli, cwd: empty, out: join(empty, 'dist') },
        { name: 'cdk8s synth, the example', argv: [...cli, '--output', join(root, 'cli')], cwd: tree, out: join(root, 'cli') },
        { name: 'npm run synth, the example', argv: ['npm', 'run', 'synth'], cwd: tree, out: join(root, 'npm') },
        { name: '100 apps with a volume', argv: runner.split(' '), cwd: few!, out: join(few!, 'dist') },
        { name: '1,000 apps with a volume', argv: runner.split(' '), cwd: many!, out: join(many!, 'dist') },
      ],
      rounds,
    );
    const [emptyCli, cliSynth, npmSynth, hundred, thousand] = seconds;
    console.log(`\nmedian of ${rounds} rounds, in turn`);
    ratio('cdk8s synth : empty cdk8s app', cliSynth! / emptyCli!, 1.3);
    ratio('npm run synth : cdk8s synth', npmSynth! / cliSynth!, 0.8);
    ratio('1,000 apps : 100 apps', thousand! / hundred!, 4);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function project(root: string, name: string, main: string): string {
  const folder = join(root, name);
  mkdirSync(folder);
  for (const link of ['lib', 'imports', 'pvc-plumber', 'versions.ts', 'examples', 'package.json'])
    symlinkSync(join(repository, link), join(folder, link));
  writeFileSync(join(folder, 'main.ts'), main);
  writeFileSync(join(folder, 'cdk8s.yaml'), `language: typescript\napp: ${runner}\n`);
  return folder;
}

/** A main.ts with the values of the example, and some apps. */
function manyApps(count: number): string {
  return `import { homelab } from './examples/homelab/site';
import { synth } from './lib';
synth(homelab, (platform) => {
  for (let index = 0; index < ${count}; index++) platform.app('app-' + index).volume('data', { size: '1Gi', backup: index % 2 ? 'hourly' : 'daily' });
});
`;
}

function measure(commands: readonly Command[], rounds: number): number[] {
  const times = commands.map((): number[] => []);
  // The first round fills tsx's cache and is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const [index, { name, argv, cwd, out }] of commands.entries()) {
      const start = process.hrtime.bigint();
      const { status, stderr } = spawnSync(argv[0]!, argv.slice(1), {
        cwd,
        encoding: 'utf8',
        env: { ...process.env, CDK8S_OUTDIR: out, CDK8S_CHECK_UPGRADE: 'false' },
      });
      if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
      if (round > 0) times[index]!.push(Number(process.hrtime.bigint() - start) / 1e9);
    }
  }
  return times.map((list, index) => {
    const median = list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]!;
    console.log(`${commands[index]!.name.padEnd(28)} ${median.toFixed(2)} s   (${Math.min(...list).toFixed(2)} to ${Math.max(...list).toFixed(2)})`);
    return median;
  });
}

function ratio(what: string, value: number, limit: number): void {
  console.log(`${what.padEnd(32)} ${value.toFixed(2)}   ${value <= limit ? 'within' : 'ABOVE'} ${limit}`);
}
