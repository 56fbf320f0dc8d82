import type { SyntaxNode, Tree } from '@lezer/common';

// Its types are those of an ES module, which TypeScript does not let a CommonJS file import; what is loaded is its CommonJS build.
// eslint-disable-next-line typescript/no-require-imports
const { parser } = require('@prometheus-io/lezer-promql') as { parser: { parse(text: string): Tree } };

export interface Matcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

/** A selector of an expression: a metric and what its labels must be. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

/** Labels that an aggregation or a match of two vectors names, and the selectors below it. */
export interface Grouping {
  readonly labels: readonly string[];
  readonly selectors: readonly Selector[];
  /** Labels that `label_replace` makes below it. */
  readonly made: readonly string[];
}

export interface Expression {
  readonly selectors: readonly Selector[];
  readonly groupings: readonly Grouping[];
}

/** Reads an expression with Prometheus' own grammar. @throws Error where it is not PromQL */
export function readExpression(text: string): Expression {
  const tree = parser.parse(text);
  const nodes = nodesOf(tree.topNode);
  const wrong = nodes.find(({ type }) => type.isError);
  if (wrong !== undefined) throw new Error(`no PromQL at ${wrong.from}: ${text.slice(wrong.from, wrong.from + 40)}`);
  const groupings = nodes
    .filter(({ name }) => name === 'GroupingLabels')
    .map((node) => {
      let scope = node.parent;
      while (scope !== null && scope.name !== 'AggregateExpr' && scope.name !== 'BinaryExpr') scope = scope.parent;
      const below = nodesOf(scope ?? tree.topNode);
      return {
        labels: childrenOf(node, 'LabelName').map((label) => slice(text, label)),
        selectors: selectorsOf(below, text),
        made: madeBy(below, text),
      };
    });
  return { selectors: selectorsOf(nodes, text), groupings };
}

function selectorsOf(nodes: readonly SyntaxNode[], text: string): Selector[] {
  return nodes
    .filter(({ name }) => name === 'VectorSelector')
    .map((node) => {
      const [metric] = childrenOf(node, 'Identifier');
      const matchers = nodesOf(node)
        .filter(({ name }) => name === 'UnquotedLabelMatcher')
        .map((matcher) => ({
          label: slice(text, matcher.getChild('LabelName')!),
          operator: slice(text, matcher.getChild('MatchOp')!),
          value: JSON.parse(slice(text, matcher.getChild('StringLiteral')!)) as string,
        }));
      return { metric: metric === undefined ? '' : slice(text, metric), matchers };
    });
}

function madeBy(nodes: readonly SyntaxNode[], text: string): string[] {
  return nodes
    .filter((node) => node.name === 'FunctionCall' && node.getChild('FunctionIdentifier')?.getChild('LabelReplace'))
    .map((call) => JSON.parse(slice(text, childrenOf(call.getChild('FunctionCallBody')!, 'StringLiteral')[0]!)) as string);
}

function nodesOf(top: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = top.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return [top, ...children.flatMap(nodesOf)];
}

function childrenOf(node: SyntaxNode, name: string): SyntaxNode[] {
  return node.getChildren(name);
}

function slice(text: string, { from, to }: SyntaxNode): string {
  return text.slice(from, to);
}
