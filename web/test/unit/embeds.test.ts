import { expect, test } from 'vitest';

import { snippet } from '../../src/embeds/snippet';

test('the lines to copy carry no script, and what is put into them stays text', () => {
  const lines = snippet('https://teixit.example', { organization: 'asc_1', language: 'es', limit: 3 }, 'Actos "de" <todos>');
  expect(lines).toContain('src="https://teixit.example/embed/events?organization=asc_1&amp;lang=es&amp;limit=3"');
  expect(lines).toContain('title="Actos &quot;de&quot; &lt;todos>"');
  expect(lines).not.toContain('<script');
});
