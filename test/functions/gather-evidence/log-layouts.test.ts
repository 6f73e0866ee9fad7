import { logLocations } from '../../../functions/gather-evidence/log-layouts.ts';
import { aRun } from '../../support/memory-ports.ts';

const at = (changes: Parameters<typeof aRun>[0]) =>
  logLocations(aRun({ id: 'jr_1', ...changes })).map(({ group, streamPrefix }) => `${group} ${streamPrefix}`);

describe('logLocations', () => {
  it('R12: Glue 5 writes errors and output to streams that begin with the run’s id', () => {
    expect(at({ glueVersion: '5.0' })).toEqual(['/aws-glue/jobs/error jr_1', '/aws-glue/jobs/output jr_1']);
  });

  it('R12: Glue 5 with custom prefixes is looked for there first, and then where it would be without', () => {
    const args = { '--custom-logGroup-prefix': '/teams/sales/', '--custom-logStream-prefix': 'nightly' };
    expect(at({ glueVersion: '5.1', arguments: args })).toEqual([
      '/teams/sales/error nightly',
      '/teams/sales/output nightly',
      '/aws-glue/jobs/error jr_1',
      '/aws-glue/jobs/output jr_1',
    ]);
  });

  it.each(['4.0', '3.0', '2.0', '0.9', null])('R12: Glue %s without continuous logging', (glueVersion) => {
    expect(at({ glueVersion })).toEqual(['/aws-glue/jobs/error jr_1', '/aws-glue/jobs/output jr_1']);
  });

  it('R12: Glue 4 with continuous logging, in its own group or a custom one', () => {
    const on = { '--enable-continuous-cloudwatch-log': 'true' };
    expect(at({ glueVersion: '4.0', arguments: on })[0]).toBe('/aws-glue/jobs/logs-v2 jr_1');
    const custom = { ...on, '--continuous-log-logGroup': '/teams/sales', '--continuous-log-logStreamPrefix': 'nightly' };
    expect(at({ glueVersion: '4.0', arguments: custom })[0]).toBe('/teams/sales nightly');
  });

  it('R12: a security configuration has a group of its own, which the run names', () => {
    expect(at({ glueVersion: '4.0', logGroupName: '/aws-glue/jobs-glue-role-encrypted' })).toEqual([
      '/aws-glue/jobs-glue-role-encrypted/error jr_1',
      '/aws-glue/jobs-glue-role-encrypted/output jr_1',
      '/aws-glue/jobs/error jr_1',
      '/aws-glue/jobs/output jr_1',
    ]);
  });
});
