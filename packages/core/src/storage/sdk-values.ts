/** Values as the server SDK gives and takes them, in the words of `rest-values.ts`: both protocols store the same. */
import { DocumentReference, GeoPoint as SdkGeoPoint, Timestamp, type Firestore } from '@google-cloud/firestore';
import { GeoPoint, Reference } from './rest-values';

type Fields = Record<string, unknown>;

/**
 * The SDK's kinds of values as Muster's own. An integer that a number cannot hold has been rounded by the SDK already:
 * read such a document by its path, over REST, before writing the whole of it.
 */
const fromSdkValue = (value: unknown): unknown => {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Timestamp) return value.toDate();
  if (value instanceof SdkGeoPoint) return new GeoPoint(value.latitude, value.longitude);
  if (value instanceof DocumentReference) return new Reference(nameOf(value));
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map(fromSdkValue);
  if (isPlain(value)) return fromSdkFields(value as Fields);
  throw new TypeError('a stored value of an unknown kind');
};

export const fromSdkFields = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, fromSdkValue(value)]));

/** The same way back; refuses what `toRestValue` refuses, and leaves out what it leaves out. */
const toSdkValue = (firestore: Firestore, value: unknown): unknown => {
  if (value === undefined) throw new TypeError('a value of type undefined cannot be stored');
  if (value === null || typeof value !== 'object' || value instanceof Date || value instanceof Uint8Array) return value;
  if (value instanceof GeoPoint) return new SdkGeoPoint(value.latitude, value.longitude);
  if (value instanceof Reference) return toSdkReference(firestore, value);
  if (Array.isArray(value)) return value.map((inner) => toSdkValue(firestore, inner));
  if (isPlain(value)) return toSdkFields(firestore, value as Fields);
  throw new TypeError('a value of type object cannot be stored');
};

export const toSdkFields = (firestore: Firestore, fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, toSdkValue(firestore, value)]),
  );

const toSdkReference = (firestore: Firestore, { name }: Reference): DocumentReference => {
  const path = /^projects\/[^/]+\/databases\/[^/]+\/documents\/(.+)$/u.exec(name)?.[1];
  const reference = path === undefined ? undefined : firestore.doc(path);
  if (!reference || nameOf(reference) !== name)
    throw new TypeError('a reference into another database cannot be stored');
  return reference;
};

/** The full name, which the SDK has and does not declare. */
const nameOf = (reference: DocumentReference): string =>
  (reference as unknown as { formattedName: string }).formattedName;

/** Whatever made it: objects of another context have another Object. */
const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};
