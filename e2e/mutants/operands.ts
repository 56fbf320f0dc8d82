/** A part of a condition, and the condition without it. */
export interface Operand {
  readonly part: string;
  readonly without: string;
}

/** An operator or comma between brackets, and where. */
interface Cut {
  readonly at: number;
  readonly operator: '&&' | '||' | ',' | '?';
}

type Range = readonly [start: number, end: number];

/** Each operand of each `&&` and `||` in an expression of CEL or JMESPath, however deep between brackets, with its operator. What chooses by `?` is left alone. */
export function operands(text: string, [from, to]: Range = [0, text.length]): Operand[] {
  const { cuts, groups } = read(text, [from, to]);
  const own = parts([from, to], cuts, ',')
    .filter(([start, end]) => !cuts.some(({ at, operator }) => operator === '?' && at >= start && at < end))
    .flatMap((argument) => {
      const alternatives = parts(argument, cuts, '||');
      return [...dropped(text, alternatives), ...alternatives.flatMap((each) => dropped(text, parts(each, cuts, '&&')))];
    });
  return [...own, ...groups.flatMap((group) => operands(text, group))];
}

/** Operators that stand in no bracket within a range, and the insides of its brackets. */
function read(text: string, [from, to]: Range): { cuts: Cut[]; groups: Range[] } {
  const cuts: Cut[] = [];
  const groups: Range[] = [];
  const open: number[] = [];
  let quote = '';
  for (let at = from; at < to; at += 1) {
    const character = text[at]!;
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (`'"\``.includes(character)) quote = character;
    else if ('([{'.includes(character)) open.push(at + 1);
    else if (')]}'.includes(character)) {
      const start = open.pop()!;
      if (open.length === 0) groups.push([start, at]);
    } else if (open.length === 0) {
      const operator = (['&&', '||', ',', '? '] as const).find((each) => text.startsWith(each, at));
      if (operator !== undefined) cuts.push({ at, operator: operator === '? ' ? '?' : operator });
    }
  }
  return { cuts, groups };
}

/** A range, cut at an operator. */
function parts([from, to]: Range, cuts: readonly Cut[], operator: Cut['operator']): Range[] {
  const here = cuts.filter((cut) => cut.operator === operator && cut.at >= from && cut.at < to).map(({ at }) => at);
  return [from, ...here.map((at) => at + operator.length)].map((start, index) => [start, here[index] ?? to]);
}

function dropped(text: string, all: readonly Range[]): Operand[] {
  if (all.length < 2) return [];
  return all.map(([start, end], index) => {
    // The operator goes along: the one before, or of the first the one behind.
    const [cutFrom, cutTo] = index === 0 ? [start, all[1]![0]] : [all[index - 1]![1], end];
    return { part: text.slice(start, end).trim(), without: `${text.slice(0, cutFrom)}${text.slice(cutTo)}` };
  });
}
