// A ZIP archive of a few texts, stored without compression: so that many tables
// are one download that every computer opens.

export interface Entry {
  name: string; // in ASCII
  text: string;
}

export function zip(entries: readonly Entry[]): Blob {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = bytes(entry.name);
    const content = bytes(entry.text);
    const common = [u16(20), u16(0x0800), u16(0), u32(epoch), u32(crc32(content)), u32(content.length), u32(content.length), u16(name.length), u16(0)];
    const head = [u32(0x04034b50), ...common, name];
    parts.push(...head, content);
    directory.push(u32(0x02014b50), u16(20), ...common, u16(0), u16(0), u16(0), u32(0), u32(offset), name);
    offset += sum(head) + content.length;
  }
  const end = [u32(0x06054b50), u32(0), u16(entries.length), u16(entries.length), u32(sum(directory)), u32(offset), u16(0)];
  return new Blob([...parts, ...directory, ...end], { type: 'application/zip' });
}

// When each file was changed, as the format counts: 1 January 1980, for it does
// not matter and the same data make the same archive.
const epoch = 0x00210000;

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function sum(parts: readonly Uint8Array[]): number {
  return parts.reduce((total, { length }) => total + length, 0);
}

function u16(value: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array([value, value >>> 8]);
}

function u32(value: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array([value, value >>> 8, value >>> 16, value >>> 24]);
}

// crc32 is the check sum that the format wants.
export function crc32(data: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of data) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}
