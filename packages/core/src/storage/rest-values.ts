/** A place on earth, as Firestore stores it. */
export class GeoPoint {
  constructor(
    readonly latitude: number,
    readonly longitude: number,
  ) {}
}

/** A reference to another document, by its full resource name. */
export class Reference {
  constructor(readonly name: string) {}
}

/** Firestore's REST form of a value. */
export type RestValue =
  | { nullValue: null }
  | { booleanValue: boolean }
  | { integerValue: string }
  | { doubleValue: number | string }
  | { stringValue: string }
  | { timestampValue: string }
  | { bytesValue: string }
  | { geoPointValue: { latitude?: number; longitude?: number } }
  | { referenceValue: string }
  | { arrayValue: { values?: RestValue[] } }
  | { mapValue: { fields?: Record<string, RestValue> } };

/**
 * Writes a value as the REST API takes it. Throws on what Firestore would not store as it was meant
 * (undefined in an array, functions, class instances), so that nothing is lost in silence.
 */
export const toRestValue = (value: unknown): RestValue => {
  if (value === null) return { nullValue: null };
  if (value instanceof Date) return { timestampValue: value.toISOString() };
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') };
  if (value instanceof GeoPoint) return { geoPointValue: { latitude: value.latitude, longitude: value.longitude } };
  if (value instanceof Reference) return { referenceValue: value.name };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(toRestValue) } };
  switch (typeof value) {
    case 'boolean':
      return { booleanValue: value };
    case 'bigint':
      return { integerValue: String(value) };
    case 'string':
      return { stringValue: value };
    case 'number':
      // NaN and infinities have no JSON; Firestore takes them by name.
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) return { integerValue: String(value) };
      return { doubleValue: Number.isFinite(value) ? value : String(value) };
    case 'object':
      if (Object.getPrototypeOf(value) !== Object.prototype) break;
      return { mapValue: { fields: toRestFields(value as Record<string, unknown>) } };
  }
  throw new TypeError(`a value of type ${kindOf(value)} cannot be stored`);
};

/** The class of an object, which tells more than that it is one. */
const kindOf = (value: unknown): string =>
  typeof value === 'object' ? `object (${value?.constructor?.name ?? 'of no class'})` : typeof value;

/** The fields of a document; a field that is undefined is left out. */
export const toRestFields = (data: Record<string, unknown>): Record<string, RestValue> =>
  Object.fromEntries(
    Object.entries(data)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, toRestValue(value)]),
  );

/**
 * The same way back. A kind that is not known is refused, not guessed; an integer that a number cannot hold is a bigint.
 * A time keeps its milliseconds: write single fields (`update`) where a document has finer ones.
 */
export const fromRestValue = (value: RestValue): unknown => {
  if ('nullValue' in value) return null;
  if ('booleanValue' in value) return value.booleanValue;
  if ('integerValue' in value) {
    const number = Number(value.integerValue);
    return Number.isSafeInteger(number) ? number : BigInt(value.integerValue);
  }
  if ('doubleValue' in value) return Number(value.doubleValue);
  if ('stringValue' in value) return value.stringValue;
  if ('timestampValue' in value) return new Date(value.timestampValue);
  if ('bytesValue' in value) return new Uint8Array(Buffer.from(value.bytesValue, 'base64'));
  if ('geoPointValue' in value) {
    return new GeoPoint(value.geoPointValue.latitude ?? 0, value.geoPointValue.longitude ?? 0);
  }
  if ('referenceValue' in value) return new Reference(value.referenceValue);
  if ('arrayValue' in value) return (value.arrayValue.values ?? []).map(fromRestValue);
  if ('mapValue' in value) return fromRestFields(value.mapValue.fields ?? {});
  throw new TypeError(`a stored value of an unknown kind (${Object.keys(value).join(', ')})`);
};

export const fromRestFields = (fields: Record<string, RestValue>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, fromRestValue(value)]));

/** A field's name as part of a field path: quoted, so that a dot in it is part of the name. */
export const toFieldPath = (...names: string[]): string =>
  names.map((name) => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``).join('.');
