import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { objectNames } from './gitops/object-names';
import { GitOpsTree } from './gitops/tree';
import { InputError } from './model/problems';
import { Platform } from './platform';
import { parseSite, type Site } from './site/schema';
import { thereAlready } from './site/there-already';
import type { SiteValues } from './site/values';
import { siteWarnings } from './site/warnings';

/** The labels of the tiers of a site, as a type. */
export type LabelOf<Values extends SiteValues> = Values['tiers'][number]['label'];

/** The place to add applications, alerts and volumes. */
export type Extend<Label extends string> = (platform: Platform<Label>) => void;

/** The bundled pvc-plumber, which `npm run plumber:build` makes. */
function plumberBundle(): string {
  return readFileSync(join(__dirname, '..', 'pvc-plumber', 'bundle', 'pvc-plumber.js'), 'utf8');
}

/** The script that runs VolSync's entry script in a mover. */
function moverScript(): string {
  return readFileSync(join(__dirname, 'volsync', 'mover.sh'), 'utf8');
}

/** Builds the tree of a site in memory. @throws ProblemsError with everything that is wrong with the values */
export function buildTree<const Values extends SiteValues>(values: Values, extend?: Extend<LabelOf<Values>>, outdir?: string): GitOpsTree {
  return treeOf(siteOf(values), extend, outdir);
}

function siteOf(values: SiteValues): Site {
  if (typeof values !== 'object' || values === null || Array.isArray(values))
    throw new InputError(
      `synth in main.ts was given ${Array.isArray(values) ? 'an array' : String(values)} as its values: give it an object, as README shows`,
    );
  return parseSite(values);
}

function treeOf<Label extends string>(site: Site, extend?: Extend<Label>, outdir?: string): GitOpsTree {
  const names = { prefix: site.namePrefix, project: site.projects.infrastructure };
  const tree = new GitOpsTree({ git: site.git, names, outdir });
  const platform = new Platform<Label>(tree, { site, plumberBundle: plumberBundle(), moverScript: moverScript() });
  namingTwins(() => extend?.(platform));
  platform.complete();
  return tree;
}

/** What `main.ts` hands to {@link synth}. */
export interface SynthCall {
  readonly values: SiteValues;
  readonly extend?: Extend<string> | undefined;
}

let listener: ((call: SynthCall) => void) | undefined;

/** From now on {@link synth} hands its arguments to a function, and writes nothing: `npm run verify` looks at what `main.ts` would render. */
export function listenToSynth(listen: ((call: SynthCall) => void) | undefined): void {
  listener = listen;
}

/** Runs what adds to the platform. Two constructs of one name are a mistake of its author, which the constructs library would answer with a stack trace. */
function namingTwins(extend: () => void): void {
  try {
    extend();
  } catch (error) {
    const [, name, place] =
      /^There is already a Construct with name '(.*)' in \w+(?: \[(.*)\])?$/.exec((error as Error | undefined)?.message ?? '') ?? [];
    if (name === undefined) throw error;
    const what = { apps: 'apps (platform.app)', applications: 'Applications (platform.application)', alerts: 'files of alerts (platform.alerts)' };
    throw new InputError(
      `two ${what[place as keyof typeof what] ?? `things in ${place ?? 'the tree'}`} are named "${name}": give one of them another name`,
    );
  }
}

/**
 * Renders a site into the output folder and says in a few lines what changed. Mistakes are printed as one list and end with exit code 1;
 * nothing is written then.
 *
 * With `--names` on the command line it writes nothing, and lists the objects of the tree.
 *
 * @param values see {@link SiteValues}
 * @param extend adds to the platform
 */
export function synth<const Values extends SiteValues>(values: Values, extend?: Extend<LabelOf<Values>>): void {
  if (listener !== undefined) return listener({ values, extend: extend as Extend<string> | undefined });
  try {
    const site = siteOf(values);
    const tree = treeOf(site, extend);
    if (process.argv.includes('--names')) return console.log(objectNames(tree.render()).join('\n'));
    console.log([describe(tree.write()), ...expectations(site)].join('\n'));
    for (const warning of siteWarnings(site)) console.error(`warning: ${warning}`);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

/** What the components that are there already must offer, a line each. */
function expectations(site: Site): string[] {
  const there = thereAlready(site).map(({ component, offers, anchor }) => `  ${component}: ${offers} (docs/existing-cluster.md#${anchor})`);
  return there.length === 0 ? [] : ['there already, and must offer:', ...there];
}

function describe({ outdir, files, objects, written, removed, kept, note }: ReturnType<GitOpsTree['write']>): string {
  const shown = [...written.map((path) => `  written  ${path}`), ...removed.map((path) => `  removed  ${path}`)];
  const more = shown.length > 12 ? [`  ... and ${shown.length - 12} more`] : [];
  const changes = shown.length === 0 ? 'nothing changed' : `${written.length} written, ${removed.length} removed`;
  const others =
    kept.length === 0
      ? []
      : [
          `  left alone, because this program did not render them: ${kept.slice(0, 3).join(', ')}${kept.length > 3 ? ` and ${kept.length - 3} more` : ''}`,
        ];
  const notes = note === undefined ? [] : [note];
  return [`${outdir}: ${files} files, ${objects} objects; ${changes}`, ...shown.slice(0, 12), ...more, ...others, ...notes].join('\n');
}
