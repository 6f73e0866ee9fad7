import { join } from 'node:path';
import { LocalNotifier } from '../../../local/twins/local-notifier.ts';
import { scratchDirectory } from '../scratch-directory.ts';

describe('the mailbox', () => {
  it('keeps every message in order, over a restart too', async () => {
    const file = join(scratchDirectory(), 'mail', 'box.jsonl');
    const clock = () => new Date('2026-11-02T08:00:00.000Z');
    expect(new LocalNotifier({ file, clock }).mails()).toEqual([]);
    await new LocalNotifier({ file, clock }).notify({ subject: 'one', body: 'a\nb', incidentId: 'i1' });
    await new LocalNotifier({ file, clock }).notify({ subject: 'two', body: 'c', incidentId: 'i2' });
    expect(new LocalNotifier({ file, clock }).mails()).toEqual([
      { sentAt: '2026-11-02T08:00:00.000Z', incidentId: 'i1', subject: 'one', body: 'a\nb' },
      { sentAt: '2026-11-02T08:00:00.000Z', incidentId: 'i2', subject: 'two', body: 'c' },
    ]);
  });
});
