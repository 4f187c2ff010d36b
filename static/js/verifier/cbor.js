// What does deterministic CBOR (RFC 8949, 4.2) say? Only the kinds of values that our tokens hold: whole numbers,
// bytes, text, lists, maps, yes, no, null and the tag 18. Every longer, unsorted, doubled or open-ended form is an error.
(function (kip) {
  "use strict";
  const DEEPEST = 16;
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  function Reader(bytes) {
    this.bytes = bytes;
    this.place = 0;
  }
  Reader.prototype.take = function (length) {
    if (length > this.bytes.length - this.place) throw new Error("cut off");
    this.place += length;
    return this.bytes.subarray(this.place - length, this.place);
  };
  // The number behind the first byte, in its shortest form.
  Reader.prototype.argument = function (short) {
    if (short < 24) return short;
    if (short > 27) throw new Error("open-ended or reserved");
    const size = 1 << short - 24;
    let number = 0n;
    for (const byte of this.take(size)) number = number << 8n | BigInt(byte);
    if (number < (size === 1 ? 24n : 1n << BigInt(size * 4))) throw new Error("longer than needed");
    return number <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(number) : number;
  };
  Reader.prototype.value = function (depth) {
    if (depth > DEEPEST) throw new Error("nested too deep");
    const first = this.take(1)[0], kind = first >> 5, short = first & 31;
    if (kind === 7) {
      if (short === 20 || short === 21) return short === 21;
      if (short === 22) return null;
      throw new Error("a kind that tokens do not hold");
    }
    const number = this.argument(short);
    if (kind === 0) return number;
    if (kind === 1) return typeof number === "number" && number < Number.MAX_SAFE_INTEGER ? -1 - number : -1n - BigInt(number);
    if (kind === 2) return this.take(number).slice();
    if (kind === 3) return utf8.decode(this.take(number));
    if (kind === 4) return this.list(number, depth);
    if (kind === 5) return this.map(number, depth);
    if (number !== 18) throw new Error("a tag that tokens do not hold");
    return { tag: number, value: this.value(depth + 1) };
  };
  Reader.prototype.list = function (length, depth) {
    const found = [];
    while (found.length < length) found.push(this.value(depth + 1));
    return found;
  };
  Reader.prototype.map = function (length, depth) {
    const found = new Map();
    let before = null;
    while (found.size < length) {
      const start = this.place, name = this.value(depth + 1), written = this.bytes.subarray(start, this.place);
      if (before !== null && !comesAfter(written, before)) throw new Error("unsorted or doubled");
      if (typeof name === "object") throw new Error("a name that is neither number nor text");
      found.set(name, this.value(depth + 1));
      before = written;
    }
    return found;
  };

  // The shorter name first, then byte by byte.
  function comesAfter(name, before) {
    if (name.length !== before.length) return name.length > before.length;
    for (let i = 0; i < name.length; i += 1) {
      if (name[i] !== before[i]) return name[i] > before[i];
    }
    return false;
  }

  kip.cbor = {
    read: function (bytes) {
      const reader = new Reader(bytes), found = reader.value(0);
      if (reader.place !== bytes.length) throw new Error("something follows");
      return found;
    },
    // The head of a byte string or list of this length; enough to write what a signature covers.
    head: function (kind, length) {
      if (length < 24) return [kind << 5 | length];
      if (length < 256) return [kind << 5 | 24, length];
      return [kind << 5 | 25, length >> 8, length & 255];
    }
  };
})(self.kip = self.kip || {});
