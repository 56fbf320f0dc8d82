/** CEL of an annotation of the object, with a fallback. */
export const annotationOf = (key: string, fallback: string): string => `object.metadata.?annotations[?'${key}'].orValue('${fallback}')`;
