import { crc32 as reference } from 'node:zlib';

import { expect, test } from 'vitest';

import { crc32, zip } from '../../src/me/zip';

const entries = [
  { name: 'a.csv', text: '\uFEFFnom;lloc\r\nMireia;Sant Andreu de la Barça\r\n' },
  { name: 'empty.csv', text: '' },
];

test('an archive is read back by its directory', async () => {
  const archive = Buffer.from(await zip(entries).arrayBuffer());
  const end = archive.length - 22;
  expect(archive.readUInt32LE(end)).toBe(0x06054b50);
  expect(archive.readUInt16LE(end + 10)).toBe(entries.length);
  let at = archive.readUInt32LE(end + 16);
  for (const { name, text } of entries) {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50);
    const length = archive.readUInt32LE(at + 24);
    const head = archive.readUInt32LE(at + 42);
    expect(archive.readUInt32LE(head)).toBe(0x04034b50);
    expect(archive.toString('utf8', head + 30, head + 30 + name.length)).toBe(name);
    const content = archive.subarray(head + 30 + name.length, head + 30 + name.length + length);
    expect(content.toString('utf8')).toBe(text);
    expect(archive.readUInt32LE(at + 16)).toBe(reference(content));
    at += 46 + archive.readUInt16LE(at + 28);
  }
  expect(at).toBe(end);
});

test('the check sum is the usual one', () => {
  const data = Uint8Array.from({ length: 1000 }, (_, n) => n % 251);
  expect(crc32(data)).toBe(reference(data));
});
