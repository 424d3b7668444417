// The part of MessagePack that core/protocol uses: commands out, events in.

const text = { from: new TextDecoder(), to: new TextEncoder() };

/**
 * Writes a flat object of strings and non-negative whole numbers.
 * @param {Record<string, string | number>} object at most 15 keys
 * @returns {Uint8Array}
 */
export function encode(object) {
  const entries = Object.entries(object);
  const bytes = [0x80 | entries.length];
  for (const [key, value] of entries) {
    writeString(bytes, key);
    if (typeof value === "string") writeString(bytes, value);
    else bytes.push(0xce, value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
  }
  return new Uint8Array(bytes);
}

function writeString(/** @type {number[]} */ bytes, /** @type {string} */ s) {
  const utf8 = text.to.encode(s);
  bytes.push(0xd9, utf8.length, ...utf8);
}

/**
 * Reads one value: maps become objects, integers and floats numbers, binary data Uint8Arrays.
 * @param {Uint8Array} bytes
 * @returns {any}
 */
export function decode(bytes) {
  return new Reader(bytes).value();
}

class Reader {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
  }

  /** A big-endian number of this many bytes, by its DataView method. */
  number(/** @type {"getUint8" | "getUint16" | "getUint32" | "getBigUint64" | "getInt8" | "getInt16" | "getInt32" | "getBigInt64" | "getFloat32" | "getFloat64"} */ method, /** @type {number} */ size) {
    const at = this.at;
    this.at += size;
    return Number(this.view[method](at));
  }

  take(/** @type {number} */ length) {
    if (this.at + length > this.bytes.length) throw new Error("the message ends too early");
    return this.bytes.subarray(this.at, (this.at += length));
  }

  string(/** @type {number} */ length) {
    return text.from.decode(this.take(length));
  }

  /** @returns {any[]} */
  array(/** @type {number} */ length) {
    return Array.from({ length }, () => this.value());
  }

  map(/** @type {number} */ length) {
    /** @type {Record<string, any>} */
    const object = {};
    for (let i = 0; i < length; i++) object[this.value()] = this.value();
    return object;
  }

  /** @returns {any} */
  value() {
    const b = this.number("getUint8", 1);
    if (b < 0x80) return b;
    if (b < 0x90) return this.map(b & 15);
    if (b < 0xa0) return this.array(b & 15);
    if (b < 0xc0) return this.string(b & 31);
    if (b >= 0xe0) return b - 256;
    const read = formats[b];
    if (!read) throw new Error(`0x${b.toString(16)} starts nothing that the trainer sends`);
    return read(this);
  }
}

/** @type {Record<number, (r: Reader) => any>} */
const formats = {
  0xc0: () => null, 0xc2: () => false, 0xc3: () => true,
  0xc4: (r) => r.take(r.number("getUint8", 1)), 0xc5: (r) => r.take(r.number("getUint16", 2)), 0xc6: (r) => r.take(r.number("getUint32", 4)),
  0xca: (r) => r.number("getFloat32", 4), 0xcb: (r) => r.number("getFloat64", 8),
  0xcc: (r) => r.number("getUint8", 1), 0xcd: (r) => r.number("getUint16", 2), 0xce: (r) => r.number("getUint32", 4), 0xcf: (r) => r.number("getBigUint64", 8),
  0xd0: (r) => r.number("getInt8", 1), 0xd1: (r) => r.number("getInt16", 2), 0xd2: (r) => r.number("getInt32", 4), 0xd3: (r) => r.number("getBigInt64", 8),
  0xd9: (r) => r.string(r.number("getUint8", 1)), 0xda: (r) => r.string(r.number("getUint16", 2)), 0xdb: (r) => r.string(r.number("getUint32", 4)),
  0xdc: (r) => r.array(r.number("getUint16", 2)), 0xdd: (r) => r.array(r.number("getUint32", 4)),
  0xde: (r) => r.map(r.number("getUint16", 2)), 0xdf: (r) => r.map(r.number("getUint32", 4)),
};
