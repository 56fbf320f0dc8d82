import { join } from 'node:path';
import type { SiteValues } from '../../lib';

/** The site of the repository: main.ts hands it to synth, which is caught here. */
export function repositorySite(): SiteValues {
  let caught: SiteValues | undefined;
  jest.isolateModules(() => {
    jest.doMock('../../lib', () => ({ synth: (values: SiteValues) => (caught = values) }));
    // eslint-disable-next-line typescript/no-require-imports -- the module must be loaded inside isolateModules
    require(join(__dirname, '..', '..', 'main'));
    jest.dontMock('../../lib');
  });
  if (caught === undefined) throw new Error('main.ts did not call synth');
  return caught;
}
