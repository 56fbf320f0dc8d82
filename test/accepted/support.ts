import { ApiObject } from 'cdk8s';
import { homelab } from '../../examples/homelab/site';
import { buildTree, type Platform, type SiteValues } from '../../lib';
import { InputError } from '../../lib/model/problems';

// eslint-disable-next-line typescript/no-explicit-any -- values as people write them, right and wrong
export type Data = any;

/** What synth says to a site and to what a person adds to it; undefined where it takes them. Anything but a clear message fails the test. */
export function saidBySynth(change: (site: Data) => void, extend?: (platform: Platform) => void): string | undefined {
  const values: Data = structuredClone(homelab);
  change(values);
  try {
    buildTree(values as SiteValues, extend as never, '/nowhere').render();
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

/** What synth says to objects of a person's own: the problems of each, without their place. Each stands in an app of its own, and all in one tree. */
export function saidOfAll(objects: readonly Data[]): string[][] {
  const said = saidBySynth(
    () => undefined,
    (platform) => {
      for (const [index, object] of objects.entries()) {
        const app = platform.app(`app-${index}`);
        const copy = structuredClone(object);
        copy.metadata.namespace = app.namespace;
        new ApiObject(app.file('own.yaml'), 'own', copy);
      }
    },
  );
  const lines = (said ?? '').split('\n').slice(1);
  const found = objects.map((_, index) => {
    const place = `  - my-apps/app-${index}/own.yaml: `;
    return lines.filter((line) => line.startsWith(place)).map((line) => line.slice(place.length));
  });
  if (found.flat().length !== lines.length) throw new Error(`synth says something else, too: ${said}`);
  return found;
}
