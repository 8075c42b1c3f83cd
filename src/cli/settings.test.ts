import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeSettings, settingsTable } from './settings.js';

describe('settings', () => {
  const schema = z.strictObject({
    epochs: z.int().min(1).max(9).default(3).describe('passes'),
    rate: z.number().positive().default(0.1),
    schedule: z.enum(['cosine', 'flat']).default('flat'),
    limit: z.number().nullable().default(null),
    augmentation: z.strictObject({ flip: z.boolean().default(true) }).prefault({}),
    widths: z.array(z.int()).default([8, 16]),
  });

  it('are told with what is allowed, default and meaning; inner ones by their path', () => {
    expect(describeSettings(schema)).toEqual([
      { name: 'epochs', allowed: 'whole number from 1 to 9', default: 3, description: 'passes' },
      { name: 'rate', allowed: 'number above 0', default: 0.1, description: '' },
      { name: 'schedule', allowed: 'one of cosine, flat', default: 'flat', description: '' },
      { name: 'limit', allowed: 'number or null', default: null, description: '' },
      { name: 'augmentation.flip', allowed: 'true or false', default: true, description: '' },
      { name: 'widths', allowed: 'list of whole number', default: [8, 16], description: '' },
    ]);
  });

  it('are a table for people', () => {
    const [head, first] = settingsTable(describeSettings(schema)).split('\n');
    expect(head).toMatch(/^setting +default +allowed +meaning$/);
    expect(first).toMatch(/^epochs +3 +whole number from 1 to 9 +passes$/);
    expect(settingsTable([])).toBe('It has no settings.');
  });
});
