import { Environment } from '@marcbachmann/cel-js';
import type { AdmissionRequest } from './request';
import { bytesOf } from '../../../e2e/harness/quantity';
import type { Data } from '../../../verify/tree';

/** CEL as the API server evaluates it in admission policies and match conditions. */
const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
for (const name of ['object', 'oldObject', 'request', 'params', 'variables']) environment.registerVariable(name, 'dyn');
// From CEL's library of text functions, which Kubernetes has and the package lacks.
environment.registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) => text.replaceAll(from, to));
// Kubernetes' own: quantities.
class Quantity {
  constructor(readonly bytes: number) {}
}
environment.registerType('Quantity', Quantity);
environment.registerFunction('quantity(string): Quantity', (text: string) => new Quantity(bytesOf(text)));
environment.registerFunction('Quantity.add(Quantity): Quantity', (one: Quantity, other: Quantity) => new Quantity(one.bytes + other.bytes));
environment.registerFunction('Quantity.sub(Quantity): Quantity', (one: Quantity, other: Quantity) => new Quantity(one.bytes - other.bytes));
environment.registerFunction('Quantity.isLessThan(Quantity): bool', (one: Quantity, other: Quantity) => one.bytes < other.bytes);

// Kyverno's own, in policies that delete.
/** Reads objects of the cluster. */
export class Resources {
  /** @param find undefined where there is none */
  constructor(readonly find: (apiVersion: string, plural: string, namespace: string, name: string) => Data) {}
}
export class Clock {
  constructor(readonly time: Date) {}
}
environment.registerType('Resources', Resources);
environment.registerType('Clock', Clock);
environment.registerVariable('resource', 'Resources');
environment.registerVariable('time', 'Clock');
environment.registerFunction('Resources.Get(string, string, string, string): dyn', (of: Resources, ...path: [string, string, string, string]) => {
  const found: Data = of.find(...path);
  if (found === undefined) throw new Error(`${path.join(' ')} is not found`);
  return found;
});
environment.registerFunction('Clock.now(): google.protobuf.Timestamp', ({ time }: Clock) => time);

const parsed = new Map<string, ReturnType<Environment['parse']>>();

/** @throws where the API server would call it an error of the expression, too: a wrong type, a field that is not there */
export function evaluate(
  expression: string,
  { operation, object, oldObject, user = 'a-person' }: AdmissionRequest,
  params: Data = null,
  variables: Data = {},
): Data {
  const { name, namespace } = object.metadata;
  return evaluateWith(expression, {
    object,
    oldObject: oldObject ?? null,
    params,
    variables,
    request: { operation, name, namespace, resource: { resource: `${object.kind.toLowerCase()}s` }, userInfo: { username: user } },
  });
}

/** The same with every variable named. */
export function evaluateWith(expression: string, variables: Data): Data {
  const program = parsed.get(expression) ?? environment.parse(expression);
  parsed.set(expression, program);
  return program(variables);
}

/** Type of an expression, as the API server finds it before it takes a policy. @throws where it takes none */
export function typeOf(expression: string): string {
  const { valid, type, error } = environment.check(expression);
  if (!valid) throw error ?? new Error(`${expression} is not CEL`);
  return String(type);
}
