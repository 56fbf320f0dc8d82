import { longhornDriver } from '../model/naming';
import { type Fields, fieldsOf } from './fields';

/** What is wrong with the choice of components: two places for one thing, or values that would be passed over. */
export function componentProblems(values: Fields): string[] {
  return [
    ...connectProblems(fieldsOf(values['onepassword'])),
    ...absentChartProblems(values),
    ...snapshotProblems(fieldsOf(values['storage']), fieldsOf(values['snapshots'])),
  ];
}

/** The value that leaves the chart of a component out, by the name of the chart. */
const leftOut: Readonly<Record<string, readonly [block: string, field: string]>> = {
  onepasswordConnect: ['onepassword', 'install'],
  externalSecrets: ['externalSecrets', 'install'],
  longhorn: ['longhorn', 'install'],
  snapshotController: ['snapshotController', 'install'],
  volsync: ['volsync', 'install'],
  kyverno: ['kyverno', 'install'],
  prometheusStack: ['monitoring', 'prometheusStack'],
};

/** Values for a chart that the tree does not install would be passed over without a word. */
function absentChartProblems(values: Fields): string[] {
  return Object.entries(leftOut).flatMap(([chart, [blockName, field]]) =>
    fieldsOf(values[blockName])[field] !== false
      ? []
      : ['charts', 'versions']
          .filter((place) => (fieldsOf(values[place])[chart] ?? undefined) !== undefined)
          .map(
            (place) =>
              `site.${place}.${chart}: ${blockName}.${field} is false, so the tree has no such chart: remove it, and set it where the chart is installed`,
          ),
  );
}

function snapshotProblems(
  { storageClass, snapshotClass, snapshotClasses }: Fields,
  { install, driver, parameters, outliveVolumes }: Fields,
): string[] {
  const own = fieldsOf(snapshotClasses)[String(storageClass)];
  return [
    ...(typeof own === 'string' && own !== snapshotClass
      ? [
          `site.storage.snapshotClasses.${String(storageClass)}: "${own}" is not storage.snapshotClass, "${String(snapshotClass)}", the class of the same volumes: remove the entry`,
        ]
      : []),
    ...(outliveVolumes === true && (driver ?? longhornDriver) === longhornDriver
      ? [
          'site.snapshots.outliveVolumes: a snapshot of Longhorn lies inside of its volume and is lost with it: set it to false, or name the other driver as snapshots.driver',
        ]
      : []),
    ...(install === false && (driver !== undefined || parameters !== undefined) && outliveVolumes !== true
      ? [
          'site.snapshots: driver and parameters are those of the class that the tree makes, and install is false: remove them, or set install to true',
        ]
      : []),
  ];
}

/** The default is the server of this tree. */
function connectProblems({ install, connectHost }: Fields): string[] {
  if (install !== false || (connectHost ?? undefined) !== undefined) return [];
  return [
    'site.onepassword.connectHost: the tree installs no Connect server: write the URL of the one that is there, for example http://onepassword-connect.vault.svc:8080',
  ];
}
