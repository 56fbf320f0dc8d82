/** One condition that must hold. */
export interface Validation {
  readonly expression: string;
  /** CEL that yields the message. */
  readonly messageExpression: string;
}

/** A list of texts in CEL. */
export const list = (items: readonly string[]): string => `[${items.map((item) => `'${item}'`).join(', ')}]`;

const mark = '\u0001';

/** Marks an expression inside a {@link text}. */
export const put = (expression: string): string => `${mark}${expression}${mark}`;

/** The parts of a template in turn: literal text, expression, literal text, ... */
export const parts = (template: string): readonly string[] => template.split(mark);

/** A template as CEL, with expressions where {@link put} has put them. */
export function text(template: string): string {
  return parts(template)
    .map((part, index) => (index % 2 === 0 ? JSON.stringify(part) : part))
    .join(' + ');
}
