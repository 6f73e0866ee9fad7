import fc from 'fast-check';
import { eventOf, HANDED_OVER, parseTrigger, RECONCILED } from '../../../functions/claim-incident/parse-trigger.ts';
import { NOW, secondsAgo } from '../../support/memory-ports.ts';

const context = { accountId: '111122223333', region: 'eu-central-1', now: NOW };
const detail = { jobName: 'orders', jobRunId: 'jr_1', state: 'FAILED', severity: 'ERROR', message: 'Job run failed' };
const glueEvent = (changes: Record<string, unknown> = {}, detailChanges: Record<string, unknown> = {}) => ({
  version: '0',
  id: 'e-1',
  'detail-type': 'Glue Job State Change',
  source: 'aws.glue',
  account: '111122223333',
  region: 'eu-central-1',
  time: secondsAgo(10),
  resources: [],
  detail: { ...detail, ...detailChanges },
  ...changes,
});
const parse = (event: unknown) => parseTrigger(event, context);
const reasonOf = (event: unknown) => {
  const trigger = parse(event);
  return trigger.kind === 'ignored' ? trigger.reason : `understood as ${JSON.stringify(trigger)}`;
};

describe('parseTrigger', () => {
  it.each(['FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED'])('R1 takes %s as a failed run', (state) => {
    expect(parse(glueEvent({}, { state }))).toMatchObject({ kind: 'run', source: 'event', jobName: 'orders', runId: 'jr_1', state });
  });

  it.each(['SUCCEEDED', 'RUNNING', 'WAITING', 'STARTING', 'STOPPING'])('R1 starts nothing for %s', (state) => {
    expect(parse(glueEvent({}, { state }))).toMatchObject({ kind: 'ignored', code: 'W_STATE_NOT_FAILED' });
  });

  it('R10 starts nothing for STOPPED, which is a human intent', () => {
    expect(parse(glueEvent({}, { state: 'STOPPED' }))).toMatchObject({ kind: 'ignored', code: 'W_STATE_NOT_FAILED' });
  });

  it('R5 accepts fields that it does not know, whatever they hold', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()), (envelope, inside) => {
        expect(parse({ ...envelope, ...glueEvent({ detail: { ...inside, ...detail } }) })).toMatchObject({ kind: 'run', runId: 'jr_1' });
      }),
    );
  });

  it('R5 is total: any JSON at all is a trigger or a named reason to leave it alone', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }), (event) => {
        const trigger = parse(event);
        if (trigger.kind === 'ignored') expect(trigger.reason).toMatch(/^[EW]_[A-Z_]+: ./);
      }),
    );
  });

  it('R5 is total over anything in the place of any field', () => {
    const places = ['source', 'detail-type', 'account', 'region', 'time', 'detail'];
    const inside = ['jobName', 'jobRunId', 'state', 'lineage', 'retryCount', 'previousIncidentId', 'context', 'resultId', 'score'];
    const kinds = fc.constantFrom(
      ['aws.glue', 'Glue Job State Change'],
      ['glue-medic', HANDED_OVER],
      ['glue-medic', RECONCILED],
      ['aws.glue-dataquality', 'Data Quality Evaluation Results Available'],
    );
    fc.assert(
      fc.property(
        kinds,
        fc.dictionary(fc.constantFrom(...places), fc.jsonValue()),
        fc.dictionary(fc.constantFrom(...inside), fc.jsonValue()),
        ([source, detailType], outer, inner) => {
          const event = { ...glueEvent({ source, 'detail-type': detailType }, inner), ...outer };
          expect(['run', 'ignored']).toContain(parse(event).kind);
        },
      ),
    );
  });

  it('hands down the lineage of a rerun that failed', () => {
    const event = {
      source: 'glue-medic',
      'detail-type': HANDED_OVER,
      detail: { ...detail, lineage: 'l1', retryCount: 1, previousIncidentId: 'inc-1' },
    };
    expect(parse(event)).toMatchObject({
      source: 'lineage',
      lineage: { id: 'l1', retryCount: 1, previousIncidentId: 'inc-1' },
    });
    expect(reasonOf({ ...event, detail: { ...event.detail, retryCount: 0 } })).toMatch(/^E_EVENT_SHAPE: a handed-over run needs/);
  });

  it('takes a failed data quality evaluation of a job run, and logs one of the catalog', () => {
    const event = (context: unknown, state = 'FAILED') => ({
      source: 'aws.glue-dataquality',
      'detail-type': 'Data Quality Evaluation Results Available',
      detail: { context, state, resultID: 'dqresult-1', score: 0.5, rulesFailed: 2 },
    });
    const ofJob = { contextType: 'GLUE_JOB', jobName: 'orders', jobId: 'jr_1' };
    expect(parse(event(ofJob))).toMatchObject({
      source: 'data-quality',
      runId: 'jr_1',
      dataQuality: { resultId: 'dqresult-1', score: 0.5, rulesFailed: 2 },
    });
    expect(parse(event({ contextType: 'GLUE_DATA_CATALOG', tableName: 'orders' }))).toMatchObject({ code: 'W_DQ_CATALOG' });
    expect(parse(event(ofJob, 'SUCCEEDED'))).toMatchObject({ code: 'W_STATE_NOT_FAILED' });
  });

  it('names a data quality result that has no usable id, since the tables take no empty key', () => {
    for (const resultId of ['', null, 7, undefined]) {
      const trigger = parse({
        source: 'aws.glue-dataquality',
        'detail-type': 'x',
        detail: { context: { contextType: 'GLUE_JOB', jobName: 'orders', jobId: 'jr_1' }, state: 'FAILED', resultId },
      });
      expect(trigger).toMatchObject({ dataQuality: { resultId: 'unnamed' } });
    }
  });

  describe('bad input, by the rows of the matrix', () => {
    it.each([
      ['an array', [], 'expected object with source, detail-type and detail, got array'],
      ['null', null, 'got null'],
      ['a text', 'not JSON', 'got string'],
      ['an object without its fields', {}, 'got object'],
      ['a detail that is a text', glueEvent({ detail: 'FAILED' }), 'got object'],
    ])('B1 an event that is %s is E_EVENT_SHAPE', (_what, event, said) => {
      expect(reasonOf(event)).toMatch(/^E_EVENT_SHAPE: /);
      expect(reasonOf(event)).toContain(said);
    });

    it('B2 a wrong source or detail-type is E_EVENT_SOURCE, ignored', () => {
      expect(reasonOf(glueEvent({ source: 'aws.batch' }))).toMatch(/^E_EVENT_SOURCE: "aws.batch .* ignored/);
      expect(reasonOf(glueEvent({ 'detail-type': 'Glue Job Run Status' }))).toMatch(/^E_EVENT_SOURCE/);
      expect(reasonOf(glueEvent({ source: 'glue-medic' }))).toMatch(/^E_EVENT_SOURCE/);
    });

    it.each([
      ['empty', '', 'length 0, need 1-255'],
      ['too long', 'x'.repeat(256), 'length 256, need 1-255'],
      ['with a control character', 'a\u0000b', 'control character'],
      ['with half a character', 'a\ud800', 'half a character'],
      ['no text', 7, 'number, need a text'],
      ['missing', undefined, 'undefined, need a text'],
    ])('B3 a job name that is %s is E_JOB_NAME', (_what, jobName, said) => {
      expect(reasonOf(glueEvent({}, { jobName }))).toMatch(/^E_JOB_NAME: /);
      expect(reasonOf(glueEvent({}, { jobName }))).toContain(said);
    });

    it('B3 the longest job name, of any script, is accepted', () => {
      expect(parse(glueEvent({}, { jobName: '注'.repeat(255) })).kind).toBe('run');
    });

    it.each([
      ['missing', undefined, 'E_RUN_ID: missing in detail'],
      ['null', null, 'E_RUN_ID: missing in detail'],
      ['a number', 5, 'E_RUN_ID: number'],
      ['empty', '', 'E_RUN_ID: string'],
      ['too long', 'j'.repeat(256), 'E_RUN_ID: string'],
      ['half a character', '\udc00', 'E_RUN_ID: half a character'],
    ])('B4 a run id that is %s is E_RUN_ID', (_what, jobRunId, said) => {
      expect(reasonOf(glueEvent({}, { jobRunId }))).toContain(said);
    });

    it('B5 an account or region that is not ours is E_EVENT_ACCOUNT', () => {
      expect(reasonOf(glueEvent({ account: '999999999999' }))).toBe('E_EVENT_ACCOUNT: "999999999999" is not this account');
      expect(reasonOf(glueEvent({ region: 'us-east-1' }))).toBe('E_EVENT_ACCOUNT: "us-east-1" is not this region, eu-central-1');
    });

    it('B6 an unknown state is W_STATE_UNKNOWN: recorded, no action', () => {
      expect(reasonOf(glueEvent({}, { state: 'PAUSED' }))).toBe('W_STATE_UNKNOWN: "PAUSED" recorded, no action');
      expect(reasonOf(glueEvent({}, { state: undefined }))).toMatch(/^W_STATE_UNKNOWN/);
    });

    it('B7 a time in the future, older than 30 days, or no time at all is E_EVENT_TIME', () => {
      expect(reasonOf(glueEvent({ time: secondsAgo(-301) }))).toMatch(/^E_EVENT_TIME: .* is in the future$/);
      expect(reasonOf(glueEvent({ time: secondsAgo(30 * 86_400 + 1) }))).toMatch(/^E_EVENT_TIME: .* is more than 30 days old$/);
      expect(reasonOf(glueEvent({ time: 'yesterday' }))).toBe('E_EVENT_TIME: "yesterday" is no time');
      expect(parse(glueEvent({ time: secondsAgo(-300) })).kind).toBe('run');
      expect(parse(glueEvent({ time: secondsAgo(30 * 86_400) })).kind).toBe('run');
    });

    it('B9 keys that reach for the prototype are not understood as fields, and change nothing', () => {
      const hostile: unknown = JSON.parse(
        `{"source":"aws.glue","detail-type":"Glue Job State Change","__proto__":{"account":"9"},"constructor":{"a":1},
          "detail":{"__proto__":{"jobName":"orders","jobRunId":"jr_1","state":"FAILED"}}}`,
      );
      expect(reasonOf(hostile)).toMatch(/^E_JOB_NAME: undefined/);
      expect(({} as Record<string, unknown>)['jobName']).toBeUndefined();
    });
  });
});

describe('eventOf', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((each) => !/\p{Cc}/u.test(each));
  const run = { kind: fc.constant('run' as const), jobName: text, runId: text };
  const failed = fc.constantFrom('FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED');
  const triggers = fc.oneof(
    fc.record({
      ...run,
      source: fc.constantFrom('event' as const, 'reconciler' as const),
      state: failed,
      lineage: fc.constant(null),
      dataQuality: fc.constant(null),
    }),
    fc.record({
      ...run,
      source: fc.constant('lineage' as const),
      state: fc.constant('FAILED'),
      lineage: fc.record({ id: text, retryCount: fc.integer({ min: 1, max: 9 }), previousIncidentId: text }),
      dataQuality: fc.constant(null),
    }),
    fc.record({
      ...run,
      source: fc.constant('data-quality' as const),
      state: fc.constant('FAILED'),
      lineage: fc.constant(null),
      dataQuality: fc.record({
        resultId: text,
        state: fc.constant('FAILED'),
        score: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
        rulesFailed: fc.nat(),
      }),
    }),
  );

  it('gives an event that means the same: what is kept starts the incident again', () => {
    fc.assert(
      fc.property(triggers, (trigger) => {
        expect(parse(JSON.parse(JSON.stringify(eventOf(trigger, context.accountId))))).toEqual(trigger);
      }),
    );
  });
});
