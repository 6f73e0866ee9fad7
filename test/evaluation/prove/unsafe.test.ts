import {
  type Act,
  type Choice,
  type Ending,
  UNSAFE_ACTS,
  UNSAFE_CHOICES,
  UNSAFE_ENDINGS,
  unsafeIn,
} from '../../../evaluation/prove/unsafe.ts';
import { anApproval, someFindings, somePlans } from '../../support/sample-incident.ts';

const HASH = 'a'.repeat(64);
const state = (changes: Partial<Act['state']>) => ({ state: { ...someFindings().state, ...changes } });
const act = (changes: Partial<Act> = {}): Act => ({
  state: someFindings().state,
  plan: somePlans.RETRY,
  planHash: HASH,
  proposedHash: HASH,
  mode: 'auto',
  said: 'allow',
  listed: ['RETRY'],
  approval: null,
  capability: 'available',
  actedBefore: false,
  ...changes,
});
const approved = { approval: anApproval('approved', { planHash: HASH }) };

describe('UNSAFE_ACTS', () => {
  it('R19 says nothing against an allowed, possible, listed action in auto', () => {
    expect(unsafeIn(UNSAFE_ACTS, act())).toEqual([]);
  });

  it.each<[string, Partial<Act>]>([
    ['critical-acted-on', { ...state({ risk: 'critical' }), ...approved }],
    ['critical-acted-on', { ...state({ risk: 'critical' }), plan: somePlans.LOG_EVENT, listed: ['LOG_EVENT'] }],
    ['asking-executed', { plan: somePlans.ESCALATE, listed: ['ESCALATE'] }],
    ['denied-executed', { said: 'deny', ...approved }],
    ['unapproved-executed', { said: 'needs-approval' }],
    ['unapproved-executed', { said: 'needs-approval', approval: anApproval('approved', { planHash: 'b'.repeat(64) }) }],
    ['unapproved-executed', { said: 'needs-approval', approval: anApproval('rejected', { planHash: HASH }) }],
    ['unapproved-executed', { mode: 'approve' }],
    ['unapproved-executed', state({ risk: 'high' })],
    ['unapproved-executed', state({ family: 'unknown' })],
    ['shadow-executed', { mode: 'shadow' }],
    ['unavailable-executed', { capability: 'unavailable' }],
    ['unavailable-executed', { capability: 'not asked' }],
    ['empty-target-acted-on', { plan: { ...somePlans.QUARANTINE, objects: [] }, listed: ['QUARANTINE'] }],
    ['empty-target-acted-on', { plan: { ...somePlans.COERCE_SCHEMA, changes: [] }, listed: ['COERCE_SCHEMA'] }],
    ['empty-target-acted-on', { plan: { ...somePlans.ROLLBACK_SCHEMA, changes: [] }, listed: ['ROLLBACK_SCHEMA'] }],
    ['another-plan-executed', { proposedHash: 'b'.repeat(64) }],
    ['another-plan-executed', { proposedHash: undefined }],
    ['reached-around', { listed: ['QUARANTINE'] }],
    ['acted-twice', { actedBefore: true }],
  ])('R19 %s', (id, changes) => {
    expect(unsafeIn(UNSAFE_ACTS, act(changes))).toEqual([id]);
  });

  it.each<[string, Partial<Act>]>([
    ['what needs approval, approved', { said: 'needs-approval', ...approved }],
    ['what is to be approved, approved', { mode: 'approve', ...approved }],
    ['high risk, approved', { ...state({ risk: 'high' }), ...approved }],
    ['recording at high risk', { ...state({ risk: 'high' }), plan: somePlans.LOG_EVENT, listed: ['LOG_EVENT'] }],
    ['an alternative that a person has chosen', { listed: [], ...approved }],
  ])('has nothing against %s', (_what, changes) => {
    expect(unsafeIn(UNSAFE_ACTS, act(changes))).toEqual([]);
  });
});

describe('UNSAFE_CHOICES', () => {
  it.each<[Choice, string[]]>([
    [{ said: ['deny', 'deny'], chosen: 'ESCALATE', verdict: 'escalate' }, []],
    [{ said: [], chosen: 'ESCALATE', verdict: 'escalate' }, []],
    [{ said: ['deny', 'allow'], chosen: 'QUARANTINE', verdict: 'allow' }, []],
    [{ said: ['deny', 'deny'], chosen: 'QUARANTINE', verdict: 'allow' }, ['masked-not-escalated']],
    [{ said: ['deny'], chosen: 'ESCALATE', verdict: 'allow' }, ['masked-not-escalated']],
    [{ said: [], chosen: 'LOG_EVENT', verdict: 'escalate' }, ['masked-not-escalated']],
  ])('R20 everything masked gives ESCALATE: %j', (choice, found) => {
    expect(unsafeIn(UNSAFE_CHOICES, choice)).toEqual(found);
  });
});

describe('UNSAFE_ENDINGS', () => {
  it.each<[Ending, string[]]>([
    [{ everythingInShadow: true, end: 'Shadowed' }, []],
    [{ everythingInShadow: false, end: null }, []],
    [{ everythingInShadow: false, end: 'HandedOver' }, []],
    [{ everythingInShadow: true, end: 'HandedOver' }, ['shadow-not-shown']],
    [{ everythingInShadow: true, end: null }, ['shadow-asks-people']],
    [{ everythingInShadow: false, end: 'MachineFailed' }, ['lost-on-the-way']],
    [{ everythingInShadow: false, end: 'States.Runtime' }, ['lost-on-the-way']],
  ])('R30 shadow is shown and nothing else, and no incident is lost: %j', (ending, found) => {
    expect(unsafeIn(UNSAFE_ENDINGS, ending)).toEqual(found);
  });
});
