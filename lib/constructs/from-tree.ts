import { ApiObject, type ApiObjectProps, Chart, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import type { KubernetesObject } from '../gitops/manifest';
import type { RenderedFile } from '../gitops/tree';
import { buildTree } from '../synth';
import type { SiteValues } from '../site/values';

/** What every construct for a chart of a person's own takes. */
export interface SiteProps {
  /** The values of the site: the same object for every construct, so that they fit together. */
  readonly site: SiteValues;
}

/** The tree of each site, made once: several constructs of one chart take from it. */
const trees = new WeakMap<SiteValues, ReadonlyMap<string, RenderedFile>>();

function treeOf(site: SiteValues): ReadonlyMap<string, RenderedFile> {
  const known = trees.get(site);
  if (known !== undefined) return known;
  const files = buildTree(site).render();
  trees.set(site, files);
  return files;
}

/**
 * Objects of a site's tree, in a chart of a person's own. They are those that {@link buildTree} renders, with everything that is checked there, so a part that is
 * taken alone can't differ from the same part in the tree.
 *
 * @throws ProblemsError with everything that is wrong with the site values
 */
export abstract class FromTree extends Construct {
  /** @param places files of the tree, or folders that end with a slash: which objects they are */
  protected constructor(scope: Construct, id: string, { site }: SiteProps, ...places: readonly string[]) {
    super(scope, id);
    const files = [...treeOf(site)].filter(([path]) => places.some((place) => path === place || (place.endsWith('/') && path.startsWith(place))));
    if (files.length === 0) throw new Error(`the tree has nothing at ${places.join(', ')}`);
    for (const object of files.flatMap(([, { objects }]) => objects)) add(this, object);
  }
}

function add(scope: Construct, object: KubernetesObject): void {
  const { kind, metadata } = object;
  const id = [kind, ...(metadata.namespace === undefined ? [] : [metadata.namespace]), metadata.name].join('-').toLowerCase();
  const { namespace } = Chart.of(scope);
  const added = new ApiObject(scope, id, object as ApiObjectProps);
  // A chart gives its namespace to every object that names none, also where the kind stands in no namespace.
  if (metadata.namespace === undefined && namespace !== undefined) added.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
}
