/**
 * Mutation testing of what guards (R71): the shield, the approvals, the ledger and the quarantine planner. `npm run mutation` takes minutes; a
 * score below 90 fails. For one group: `npm run mutation -- -m 'functions/check-safety/**'`.
 *
 * Nothing is excluded from mutation, words included: what a person reads when asked is part of the guard.
 */
export default {
  mutate: [
    'functions/check-safety/**/*.ts',
    'functions/decide-approval/*.ts',
    'functions/await-decision/*.ts',
    'functions/shared/stores/{approvals,action-ledger}.ts',
    'functions/execute-action/{mutations,guarded-writers}.ts',
    'functions/execute-action/actions/{quarantine,input-listing}.ts',
  ],
  thresholds: { high: 95, low: 90, break: 90 },

  testRunner: 'jest',
  // Mutants that page for ever end at their memory's end, and soon.
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', '--max-old-space-size=1024'],
  coverageAnalysis: 'perTest',
  jest: {
    projectType: 'custom',
    configFile: 'jest.config.mjs',
    config: {
      // The tests of these modules alone: what enumerates crashes, or runs whole steps, takes seconds for each mutant. So the score is a lower bound.
      testMatch: [
        '<rootDir>/test/functions/{decide-approval,await-decision}/*.test.ts',
        '<rootDir>/test/functions/check-safety/!(storm-of-500).test.ts',
        '<rootDir>/test/functions/shared/stores/{approvals,action-ledger}.test.ts',
        '<rootDir>/test/functions/execute-action/{mutations,guarded-writers}.test.ts',
        '<rootDir>/test/functions/execute-action/actions/{quarantine-plan,quarantine-moves,input-listing}.test.ts',
      ],
      moduleNameMapper: { '/aws/aws-ports\\.ts$': '<rootDir>/test/support/no-aws-ports.ts' },
    },
  },
  concurrency: 2,
  timeoutMS: 20_000,

  // Only what the tests read goes into the sandbox.
  ignorePatterns: ['*', '!{cli,evaluation,functions,infra,local,statemachine,test}/**', '!package.json', '!jest.config.mjs'],
  tempDirName: 'reports/mutation/sandbox',
  reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
  clearTextReporter: { allowColor: false, reportTests: false },
  htmlReporter: { fileName: 'reports/mutation/mutation.html' },
  jsonReporter: { fileName: 'reports/mutation/mutation.json' },
};
