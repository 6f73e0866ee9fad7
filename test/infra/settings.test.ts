import { App } from 'aws-cdk-lib';
import { readSettings } from '../../infra/settings.ts';
import { folderOf } from '../../infra/steps.ts';

const read = (context: Record<string, unknown>) => readSettings(new App({ context }).node);

describe('the settings of a deployment', () => {
  it('have defaults that grant nothing on data', () => {
    expect(read({})).toEqual({ dataBuckets: [], logGroupPrefixes: ['/aws-glue/'], executorConcurrency: 5 });
  });

  it('are read from the context as the command line gives it', () => {
    expect(read({ dataBuckets: 'lake,landing', email: 'oncall@example.org', executorConcurrency: '2' })).toEqual({
      dataBuckets: ['lake', 'landing'],
      logGroupPrefixes: ['/aws-glue/'],
      email: 'oncall@example.org',
      executorConcurrency: 2,
    });
  });

  it.each([
    [{ dataBuckets: '*' }, 'dataBuckets'],
    [{ dataBuckets: 'lake/*' }, 'dataBuckets'],
    [{ logGroupPrefixes: '*' }, 'logGroupPrefixes'],
    [{ email: 'nobody' }, 'email'],
    [{ executorConcurrency: '0' }, 'executorConcurrency'],
  ])('refuse %j by name', (context, name) => {
    expect(() => read(context)).toThrow(new RegExp(`E_SETTING: ${name}`));
  });
});

describe('the folder of a step', () => {
  it('is its name in kebab-case', () => {
    expect(['ClaimIncident', 'DetectAnomalies', 'Close'].map(folderOf)).toEqual(['claim-incident', 'detect-anomalies', 'close']);
  });
});
