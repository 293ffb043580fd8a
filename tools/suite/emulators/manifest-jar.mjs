import { Buffer } from 'node:buffer';

/** The jar specification counts bytes, without the line end. */
const LONGEST_MANIFEST_LINE = 72;

/**
 * A jar that holds nothing but a manifest, which makes `java -jar` start a class of another jar. A zip of
 * one stored file is small enough to write by hand; a Java runtime, unlike a JDK, brings no `jar` tool.
 *
 * @param {{ mainClass: string, classPath: string }} manifest classPath as a file: URL
 * @returns {Buffer} always the same bytes for the same manifest
 */
export function manifestJar({ mainClass, classPath }) {
  const lines = ['Manifest-Version: 1.0', `Main-Class: ${mainClass}`, `Class-Path: ${classPath}`];
  const text = lines.map(wrapManifestLine).join('') + '\r\n';
  return storedZip('META-INF/MANIFEST.MF', Buffer.from(text));
}

/**
 * @param {string} line in ASCII, as URLs and class names are
 * @returns {string} with line ends; a continuation starts with a space
 */
export function wrapManifestLine(line) {
  let rest = line.slice(LONGEST_MANIFEST_LINE);
  let wrapped = line.slice(0, LONGEST_MANIFEST_LINE) + '\r\n';
  while (rest.length > 0) {
    wrapped += ` ${rest.slice(0, LONGEST_MANIFEST_LINE - 1)}\r\n`;
    rest = rest.slice(LONGEST_MANIFEST_LINE - 1);
  }
  return wrapped;
}

/**
 * Layout: local header, name, content, central directory, end record (PKWARE APPNOTE 4.3).
 *
 * @param {string} name
 * @param {Buffer} content
 */
function storedZip(name, content) {
  const nameBytes = Buffer.from(name);
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0); // version needed to extract
  shared.writeUInt16LE(0x21, 8); // date: 1980-01-01, the earliest there is
  shared.writeUInt32LE(crc32(content), 10);
  shared.writeUInt32LE(content.length, 14);
  shared.writeUInt32LE(content.length, 18);
  shared.writeUInt16LE(nameBytes.length, 22);

  const local = Buffer.concat([signature(0x04034b50), shared, nameBytes, content]);
  const madeBy = Buffer.from([20, 0]);
  const directory = Buffer.concat([signature(0x02014b50), madeBy, shared, Buffer.alloc(14), nameBytes]);

  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, directory, signature(0x06054b50), end]);
}

/** @param {number} value */
function signature(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/**
 * Node has it from 20.15 on, and 20.0 is enough for everything else here.
 *
 * @param {Uint8Array} bytes
 */
export function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
