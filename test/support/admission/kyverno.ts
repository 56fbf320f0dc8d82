import { load } from 'js-yaml';
import { bytesOf } from '../../../e2e/harness/quantity';
import { evaluate } from './cel';
import { query, substitute, Unresolved } from './jmespath';
import { merged, patched } from './patches';
import { type AdmissionRequest, namespaceLabelsOf, selects } from './request';
import type { Data } from '../../../verify/tree';

/** What Kyverno meets outside of the request. */
export interface Surroundings {
  readonly now: Date;
  /** Body of a service's answer with 2xx, or undefined where the call fails in any way. */
  readonly service: (url: string) => Data;
  /** What the API server answers to a GET, or undefined where the call fails. */
  readonly api: (path: string) => Data;
}

export interface Refusal {
  readonly rule: string;
  readonly message: string;
}

/** Plays one rendered ClusterPolicy as Kyverno 1.19 does; what no rendered policy uses is refused with an error, so that it can't be forgotten. */
export class KyvernoPolicy {
  /** @param conditions the match conditions of Kyverno's ConfigMap, which every webhook has beside those of the policy */
  constructor(
    private readonly policy: Data,
    private readonly around: Surroundings,
    private readonly conditions: readonly Data[] = [],
  ) {}

  /** Whether the API server sends the request at all: the webhook's match conditions. */
  isSent(request: AdmissionRequest): boolean {
    const conditions: Data[] = [...this.conditions, ...(this.policy.spec.webhookConfiguration?.matchConditions ?? [])];
    return conditions.every(({ expression }) => evaluate(expression, request) === true);
  }

  /** The object after the mutate rules: one after the other, each on what the one before has made. */
  mutated(request: AdmissionRequest): Data {
    let { object } = request;
    for (const rule of this.rules('mutate')) {
      const current = { ...request, object };
      const data = this.dataOf(rule, current);
      if (data === undefined) continue;
      const { patchStrategicMerge, patchesJson6902 } = rule.mutate;
      if (patchStrategicMerge !== undefined) object = merged(object, substitute(patchStrategicMerge, data, this.around.now));
      else object = patched(object, load(substitute(patchesJson6902, data, this.around.now)) as Data[]);
    }
    return object;
  }

  /** The validate rules that are about the request, with the message of each that refuses it. */
  validated(request: AdmissionRequest): { readonly matched: string[]; readonly refusals: Refusal[] } {
    const matched: string[] = [];
    const refusals: Refusal[] = [];
    for (const rule of this.rules('validate')) {
      const data = this.dataOf(rule, request);
      if (data === undefined) continue;
      matched.push(rule.name);
      if (rule.validate.failureAction !== 'Enforce' || !this.met(rule.validate.deny.conditions, data)) continue;
      refusals.push({ rule: rule.name, message: substitute(rule.validate.message, data, this.around.now) });
    }
    return { matched, refusals };
  }

  /** What the generate rules make for the request. */
  generated(request: AdmissionRequest): Data[] {
    return this.rules('generate').flatMap((rule) => {
      const data = this.dataOf(rule, request);
      if (data === undefined) return [];
      return rule.generate.foreach.flatMap(({ list, preconditions = {}, ...entry }: Data) => {
        if (query(list, data, this.around.now).length !== 1) throw new Error(`${rule.name}: a list of more than one is not played`);
        if (!this.met(preconditions, data)) return [];
        const { apiVersion, kind, name, namespace, data: body } = substitute(entry, data, this.around.now);
        return [{ apiVersion, kind, ...body, metadata: { name, namespace, ...body.metadata } }];
      });
    });
  }

  /** What the mutate rules change of objects beside that of the request. @param there the objects of the cluster */
  followed(request: AdmissionRequest, there: readonly Data[]): { readonly target: Data; readonly patch: Data }[] {
    return this.rules('mutate').flatMap((rule) => {
      const data = this.dataOf(rule, request);
      if (data === undefined) return [];
      return rule.mutate.targets.flatMap(({ preconditions = {}, ...wanted }: Data) => {
        const { kind, name, namespace } = substitute(wanted, data, this.around.now);
        const found = there.filter((each) => each.kind === kind && each.metadata.name === name && each.metadata.namespace === namespace);
        return found
          .filter((target) => this.met(preconditions, { ...data, target }))
          .map((target) => ({ target, patch: substitute(rule.mutate.patchStrategicMerge, { ...data, target }, this.around.now) }));
      });
    });
  }

  private rules(part: 'mutate' | 'validate' | 'generate'): Data[] {
    return this.policy.spec.rules.filter((rule: Data) => rule[part] !== undefined);
  }

  /** Request and context of a rule, or undefined where the rule is not about the request. */
  private dataOf(rule: Data, request: AdmissionRequest): Data {
    if (!anyOf(rule.match, request) || (rule.exclude !== undefined && anyOf(rule.exclude, request))) return undefined;
    const { operation, object, oldObject } = request;
    const data: Data = { request: { operation, object, oldObject: oldObject ?? null, namespace: object.metadata.namespace } };
    const waiting: Data[] = [...(rule.context ?? [])];
    // An entry of the context is read when something first names it, with all before it: nobody is asked for a rule whose first precondition fails.
    const read = (count: number): void => waiting.splice(0, count).forEach((entry) => (data[entry.name] = this.load(entry, data)));
    const reading = (condition: Data): void => {
      const text = JSON.stringify(condition);
      read(waiting.map(({ name }) => new RegExp(`\\b${name}\\b`).test(text)).lastIndexOf(true) + 1);
    };
    if (!this.met(rule.preconditions ?? {}, data, reading)) return undefined;
    read(waiting.length);
    return data;
  }

  private load({ variable, apiCall }: Data, data: Data): Data {
    const { now, service, api } = this.around;
    if (variable !== undefined) return orElse(() => query(variable.jmesPath, data, now), variable.default);
    const { service: called, urlPath, jmesPath } = apiCall;
    const answer = called !== undefined ? service(substitute(called.url, data, now)) : api(substitute(urlPath, data, now));
    // The default counts where the call fails; a query on the answer that fails is an error of the rule.
    if (answer === undefined) return apiCall.default;
    return jmesPath === undefined ? answer : query(substitute(jmesPath, data, now), answer, now);
  }

  private met({ all = [], any }: Data, data: Data, before: (condition: Data) => void = () => undefined): boolean {
    const holds = (condition: Data): boolean => {
      before(condition);
      return compare(substitute({ ...condition, message: '' }, data, this.around.now));
    };
    return all.every(holds) && (any === undefined || any.some(holds));
  }
}

function orElse(read: () => Data, fallback: Data): Data {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unresolved && fallback !== undefined) return fallback;
    throw error;
  }
}

function anyOf({ any, all }: Data, request: AdmissionRequest): boolean {
  if (all !== undefined) throw new Error('match.all is not played');
  return any.some(({ resources }: Data) => {
    const { kinds = [request.object.kind], operations, selector, namespaceSelector, namespaces, names, ...rest } = resources;
    if (Object.keys(rest).length > 0) throw new Error(`not played: ${Object.keys(rest).join(', ')}`);
    return (
      kinds.includes(request.object.kind) &&
      (operations === undefined || operations.includes(request.operation)) &&
      (namespaces === undefined || namespaces.includes(request.object.metadata.namespace)) &&
      (names === undefined || names.some((pattern: string) => isNamed(request.object.metadata, pattern))) &&
      (selector === undefined || selects(selector, request.object.metadata.labels)) &&
      (namespaceSelector === undefined || selects(namespaceSelector, namespaceLabelsOf(request)))
    );
  });
}

/** An object without a name yet is known by what its name will begin with (pkg/engine/utils/match.go). */
function isNamed({ name = '', generateName = '' }: Data, pattern: string): boolean {
  if (pattern.includes('?')) throw new Error(`the pattern ${pattern} is not played`);
  const parts = pattern.split('*').map((part) => part.replaceAll('.', '[.]'));
  return new RegExp(`^${parts.join('.*')}$`).test(name === '' ? generateName : name);
}

function compare({ key, operator, value }: Data): boolean {
  for (const pattern of [value].flat()) if (/[*?|]/.test(String(pattern))) throw new Error(`the pattern ${pattern} is not played`);
  switch (operator) {
    case 'Equals':
      return key === value;
    case 'NotEquals':
      return key !== value;
    case 'AnyIn':
      return value.includes(key);
    case 'AnyNotIn':
      return !value.includes(key);
    case 'GreaterThan':
      return bytesOf(String(key)) > bytesOf(String(value));
    default:
      throw new Error(`the operator ${operator} is not played`);
  }
}
