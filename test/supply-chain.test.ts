import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildTree, type SiteValues } from '../lib';
import { homelab } from '../examples/homelab/site';
import { images } from '../versions';
import { repository } from '../verify/tree';

const textOf = (path: string): string => readFileSync(join(repository, path), 'utf8');

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly inBundle?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

const lock = (JSON.parse(textOf('package-lock.json')) as { packages: Record<string, Locked> }).packages;
/** Folders of this repository that are packages of their own, and the links to them. */
const own = Object.values(lock).flatMap(({ link, resolved }) => (link === true && resolved?.startsWith('scripts/') === true ? [resolved] : []));
const locked = Object.entries(lock).filter(([path, { resolved = '' }]) => path !== '' && !own.includes(path) && !own.includes(resolved));

describe('package-lock.json', () => {
  test('has the digest of every package; what lies in another package is covered by that one', () => {
    expect(locked.length).toBeGreaterThan(300);
    const without = locked.filter(([, { integrity, inBundle }]) => inBundle !== true && !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ''));
    expect(without.map(([path]) => path)).toEqual([]);
  });

  test('takes every package from the registry: no Git repository, no file, no address of its own', () => {
    // Without `resolved` npm takes name and version from the registry that is configured; see .npmrc.
    expect(textOf('.npmrc')).toContain('omit-lockfile-registry-resolved=true');
    expect(locked.filter(([, { resolved, link }]) => resolved !== undefined || link === true).map(([path]) => path)).toEqual([]);
    expect(locked.filter(([, { version }]) => !/^\d+\.\d+\.\d+/.test(version ?? '')).map(([path]) => path)).toEqual([]);
    const ranges = ['package.json', ...own.map((folder) => `${folder}/package.json`)].flatMap((file) => {
      const { dependencies, devDependencies } = JSON.parse(textOf(file)) as Record<string, Record<string, string>>;
      return Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
    });
    expect(ranges).toEqual([]);
  });

  test('lets only these packages run a script at their installation', () => {
    expect(locked.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => path)).toEqual([
      'node_modules/@parcel/watcher',
      'node_modules/@swc/core',
      'node_modules/esbuild',
    ]);
  });
});

describe('images', () => {
  /** Why an image of ours is not pinned by digest. */
  const reasons: Readonly<Record<string, string>> = {
    [images.volsync.repository]: 'docs/security.md: its registry is one person’s, and the digest has to be read there',
  };

  test('have a digest, but for those with a reason', () => {
    const without = Object.values(images).filter(({ tag }) => !/@sha256:[a-f0-9]{64}$/.test(tag));
    expect(without.map((image) => image.repository)).toEqual(Object.keys(reasons));
  });

  test('in the rendered tree are those of versions.ts, and a site can give each by digest', () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const site = {
      ...homelab,
      volsync: { image: `mirror.example.org/volsync@${digest}` },
      plumber: { image: `mirror.example.org/pvc-plumber@${digest}` },
    };
    const imagesIn = (value: unknown): string[] =>
      value === null || typeof value !== 'object'
        ? []
        : Object.entries(value).flatMap(([key, each]) => {
            if (key !== 'image') return imagesIn(each);
            const { repository: name, tag, image } = each as { repository?: string; tag?: string; image?: string };
            return [typeof each === 'string' ? each : (image ?? `${name}:${tag}`)];
          });
    const named = (values: unknown): string[] =>
      [
        ...buildTree(values as SiteValues)
          .render()
          .values(),
      ].flatMap(({ objects }) => imagesIn(objects));
    expect(new Set(named(homelab))).toEqual(new Set(Object.values(images).map(({ repository: name, tag }) => `${name}:${tag}`)));
    expect(named(site)).toEqual(expect.arrayContaining([site.volsync.image, site.plumber.image]));
  });

  test('the image that pvc-plumber is built on is the one of versions.ts', () => {
    expect(textOf('pvc-plumber/Dockerfile')).toContain(`ARG NODE_IMAGE=${images.node.repository}:${images.node.tag}\n`);
  });
});

describe('Renovate', () => {
  interface Manager {
    readonly description: string;
    readonly matchStrings: readonly string[];
    readonly autoReplaceStringTemplate?: string;
  }
  const { extends: presets, customManagers } = JSON.parse(textOf('renovate.json')) as { extends: string[]; customManagers: Manager[] };
  const manager = customManagers.find(({ description }) => description.startsWith('Images'))!;

  test('finds every image in versions.ts, keeps its digest, and gives one to what has none', () => {
    expect(presets).toEqual(expect.arrayContaining(['docker:pinDigests', 'helpers:pinGitHubActionDigestsToSemver']));
    const found = [...textOf('versions.ts').matchAll(new RegExp(manager.matchStrings[0]!, 'g'))];
    expect(found.map(({ groups }) => [groups!['depName'], groups!['currentValue'], groups!['currentDigest']])).toEqual(
      Object.values(images).map(({ repository: name, tag }) => [name, ...(tag.includes('@') ? tag.split('@') : [tag, undefined])]),
    );
    // What Renovate writes in place of the match is a match again, with the digest.
    const written = manager
      .autoReplaceStringTemplate!.replace('{{{depName}}}', 'ghcr.io/x/y')
      .replace('{{{newValue}}}', 'v2')
      .replace('{{#if newDigest}}@{{{newDigest}}}{{/if}}', `@sha256:${'a'.repeat(64)}`);
    expect(new RegExp(`^${manager.matchStrings[0]!}$`).exec(written)?.groups).toMatchObject({
      currentValue: 'v2',
      currentDigest: `sha256:${'a'.repeat(64)}`,
    });
  });
});

test('every action of a workflow is pinned to a commit, in the workflows and in the documents, with its version beside it', () => {
  const files = ['.github', 'docs', 'examples', 'lib']
    .flatMap((folder) => readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`))
    .concat('README.md', 'CONTRIBUTING.md', 'main.ts')
    .filter((file) => /\.(ya?ml|md|ts)$/.test(file));
  const uses = files.flatMap((file) =>
    [...textOf(file).matchAll(/^\s*-?\s*uses:\s*(\S+)(.*)$/gm)].map(([, action, rest]) => ({ file, action: action!, rest: rest! })),
  );
  expect(uses.length).toBeGreaterThan(1);
  expect(uses.filter(({ action, rest }) => !action.startsWith('./') && !(/@[0-9a-f]{40}$/.test(action) && /# v\d+\.\d+\.\d+$/.test(rest)))).toEqual(
    [],
  );
});
