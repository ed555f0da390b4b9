/** A value that canonical JSON can hold. An amount is a bigint and becomes a decimal string. */
export type Json = string | number | bigint | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const encoder = new TextEncoder();

/**
 * Writes a value as canonical JSON: keys sorted by UTF-16 code unit, no white space, integers only, a bigint as a string
 * of decimal digits. With `\n` at the end this is the form of every file of a report (RFC 8785 without fractions).
 *
 * @throws {TypeError} on a number that is not a safe integer: nothing else has one unambiguous spelling
 * @example
 * canonicalJson({ b: 1n, a: [true, null] }) // '{"a":[true,null],"b":"1"}'
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `"${value}"`;
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new TypeError(`not a safe integer: ${value}`);
    return `${value}`;
  }
  if (typeof value === 'boolean' || value === null) return `${value}`;
  return isList(value) ? listJson(value) : objectJson(value);
}

/** The bytes of a report file: canonical JSON in UTF-8 and one newline. */
export function canonicalBytes(value: Json): Uint8Array {
  return encoder.encode(`${canonicalJson(value)}\n`);
}

function isList(value: readonly Json[] | { readonly [key: string]: Json }): value is readonly Json[] {
  return Array.isArray(value);
}

function listJson(list: readonly Json[]): string {
  let text = '';
  for (const item of list) text += text === '' ? canonicalJson(item) : `,${canonicalJson(item)}`;
  return `[${text}]`;
}

function objectJson(object: { readonly [key: string]: Json }): string {
  const fields = Object.keys(object)
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key] ?? null)}`);
  return `{${fields.join(',')}}`;
}
